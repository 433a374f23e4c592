import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { testSite } from '#test/site.ts'

const site = await testSite()
const keys = join(site.house.dir, 'keys', 'keys.sqlite')
/** How large a file this process may write: what a full disk is to it, and can be ended again. */
const room = (bytes: number | 'unlimited') =>
  execFileSync('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes}:unlimited`])

const skip = existsSync('/usr/bin/prlimit') ? false : 'prlimit is not there'

test('on a full disk people are told kindly, and lose nothing that they were told is saved', { skip }, async () => {
  const early = site.visitor()
  await early.send('/apply/name', { name: 'Early Bird' })
  room(statSync(keys).size)
  let refused = 0
  try {
    for (let i = 0; i < 60 && refused < 3; i++) {
      const visitor = site.visitor()
      const answer = await visitor.send('/apply/name', { name: `Late ${i}` })
      if (answer.status === 303) continue
      refused++
      assert.equal(answer.status, 503)
      assert.match(answer.text, /What you sent just now was not saved/)
    }
    assert.equal(refused, 3)
  } finally {
    room('unlimited')
  }
  assert.equal((await early.send('/apply/contact', { channel: 'email', email: 'early@example.org' })).status, 303)
  assert.match((await early.get('/apply/check')).text, /Early Bird/)
  assert.equal((await site.visitor().send('/apply/name', { name: 'Next Morning' })).status, 303)
})
