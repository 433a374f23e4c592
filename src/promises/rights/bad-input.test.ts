import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answersValue } from '#src/panel/recruitment/values.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { hold, liftHold, TooLate } from '../retention/brakes.ts'
import { erase } from '../retention/erase.ts'
import { sweep } from '../retention/sweep.ts'
import { putFile } from '../vault/files.ts'
import { openCase } from './cases.ts'
import { accessCopy, copyJson } from './copy.ts'
import type { Matter } from './rights.ts'

// What goes wrong at a data protection desk (issue 5, section 8).
const site = await testSite()
const { house } = site
const by = system('test')
const rights = { by, for: 'exercise rights' } as const
const base = '/staff/protection/cases'

const recordOf = async (who: string) => (await house.vault.findByEmail(`${who}@residents.example`))[0] ?? ''

/** A case as the desk has it, about someone's record or not; returns its page. */
async function asked(matter: Matter, subject?: string, reach = 'somebody@example.org'): Promise<string> {
  const requester = { name: 'Some Body', reach }
  const made = await within(house, rights, tx =>
    openCase(tx, house, by, { matter, channel: 'email', requester, words: '', ...(subject ? { subject } : {}) }),
  )
  return `${base}/${made.id}`
}

async function desk() {
  const dorothy = await site.staff('Dorothy')
  const nadia = await site.staff('Nadia') // another person than the one who decides carries it out
  return {
    get: dorothy.get,
    send: dorothy.send,
    go: (at: string, path: string, fields: Record<string, string> = {}) =>
      (path === 'execution' ? nadia : dorothy).send(`${at}/${path}`, fields, at),
    grant: (at: string) => dorothy.send(`${at}/decision`, { decision: 'granted', reasons: 'The law gives it.' }, at),
  }
}

test('a date that is not one, or is in the future, is refused; 29 February is a date in a leap year alone', async () => {
  const posted = { matter: 'access', channel: 'post', name: 'Win Ter', reach: '1 Road, Leeds', words: 'All of it' }
  const { send, get } = await desk()
  for (const received of ['2026-02-29', '2026-02-30', '2026-13-01', '29 February 2026', ''])
    assert.match((await send(`${base}/new`, { ...posted, received })).text, /Enter the date it came/, received)
  assert.match((await send(`${base}/new`, { ...posted, received: '2026-11-24' })).text, /must not be in the future/)
  // A month from 29 February 2024 is Good Friday; Easter Monday follows.
  const made = await send(`${base}/new`, { ...posted, received: '2024-02-29', why: 'It was found in a drawer.' })
  assert.match((await get(made.location)).text, /Due 2 April 2024/)
})

test('a request about someone else’s record is not joined to it until the desk has seen an authority to act', async () => {
  const at = await asked('access', undefined, 'nephew@example.org')
  const { go, get, grant } = await desk()
  const without = await go(at, 'subject', { address: 'amina@residents.example' })
  assert.equal(without.status, 422)
  assert.match(without.text, /Select who asks: the address in the record is not the one they gave/)
  await grant(at)
  assert.equal((await get(`${at}/copy`)).status, 404, 'and no copy is given')
  const second = await asked('access', undefined, 'nephew@example.org')
  await go(second, 'subject', { address: 'amina@residents.example', as: 'authority' })
  assert.match((await get(second)).text, /authority to act for the person seen/)
  await grant(second)
  assert.match((await get(`${second}/copy`)).text, /Amina Okafor/)
  const own = await asked('access', undefined, 'Amina@Residents.example')
  await go(own, 'subject', { address: 'amina@residents.example' })
  assert.match((await get(own)).text, /Found/)
})

test('[N-70] where identity is never proved, nothing is carried out and no copy is given; the case can be refused', async () => {
  const dev = await recordOf('dev')
  const { go, get, grant } = await desk()
  const copy = await asked('access', dev)
  await go(copy, 'step', { what: 'ask-identity', words: 'The name is another.' })
  await grant(copy)
  assert.equal((await get(`${copy}/copy`)).status, 404)
  const erasure = await asked('erasure', dev)
  await go(erasure, 'step', { what: 'ask-identity', words: 'The name is another.' })
  await grant(erasure)
  assert.match((await go(erasure, 'execution')).text, /Proof of identity was asked for and has not come/)
  assert.equal((await house.vault.record(dev))?.state, 'alive')
  await go(erasure, 'step', { what: 'identity-proved' })
  assert.match((await go(erasure, 'execution')).text, /asks for a copy of this record: answer it first/)
  assert.match((await get(copy)).text, /Next: Waits for proof of identity/)
})

test('[N-70] of two requests about one person, erasure waits until the copy has been answered', async () => {
  const chloe = await recordOf('chloe')
  const { go, grant } = await desk()
  const copy = await asked('access', chloe)
  const erasure = await asked('erasure', chloe)
  await grant(erasure)
  assert.match((await go(erasure, 'execution')).text, /asks for a copy of this record: answer it first/)
  await grant(copy)
  await go(copy, 'execution', { given: 'They take it themselves.' })
  await go(copy, 'letter', { letter: 'Here it is.' })
  await (await site.staff('Dorothy')).send(`${copy}/letter/sending`, {}, `${copy}/letter`)
  assert.equal((await go(erasure, 'execution')).status, 303)
  assert.equal((await house.vault.record(chloe))?.state, 'tombstone')
})

test('[N-70] an erasure in the middle of a copy leaves no half copy: it is not given, or breaks off and cannot be read', async () => {
  const id = await within(house, rights, async tx => {
    const made = await house.vault.begin(tx, by, 'panel', '2027-06-30')
    await house.vault.put(tx, by, 'panel', made, { name: 'Half Way' })
    return made
  })
  async function* bytes() {
    for (let at = 0; at < 40; at++) yield Buffer.alloc(64 * 1024, at)
  }
  await within(house, rights, tx => putFile(tx, house, by, 'panel', id, 'answers', bytes()))
  const files = house.files
  const copy = await within(house, rights, tx => accessCopy(tx, house, by, id))
  assert.ok(copy)
  let text = ''
  await assert.rejects(async () => {
    for await (const piece of copyJson(house, copy)) {
      text += piece
      if (text.includes('base64')) await erase(house.reach, by, [id], 'erasure request')
    }
  })
  assert.throws(() => JSON.parse(text))
  const list = async (key: string) => {
    await erase(house.reach, by, [id], 'erasure request')
    return files.list(key)
  }
  const between = { ...house, files: { ...files, list } }
  assert.equal(await within(house, rights, tx => accessCopy(tx, between, by, id)), undefined)
})

test('[N-47] a hold placed while the sweep runs is kept, and one that comes too late says so', async () => {
  const [first = '', second = '', third = ''] = await within(house, rights, tx =>
    house.vault.beginMany(tx, by, 'panel', '2026-11-20', 3),
  )
  const { expired, ...keys } = house.keys
  let isFirst = true
  const racing = {
    ...keys,
    // Between the sweep's look and its first step, one is held and another is given a later date.
    expired: async (today: string, limit: number) => {
      const due = await expired(today, limit)
      if (isFirst) {
        isFirst = false
        await within(house, rights, async tx => {
          await hold(tx, house, by, first, 'legal matter', '2027-01-01')
          await house.vault.moveExpiry(tx, by, [second], '2030-01-01', 'appointed')
        })
      }
      return due
    },
  }
  await sweep({ ...house.reach, keys: racing })
  assert.equal((await house.vault.record(first))?.state, 'alive')
  assert.equal((await house.vault.record(second))?.state, 'alive')
  assert.equal((await house.vault.record(third))?.state, 'tombstone')
  await assert.rejects(
    within(house, rights, tx => hold(tx, house, by, third, 'legal matter', '2027-01-01')),
    TooLate,
  )
})

test('[N-47] a hold for a legal matter stands against an erasure request, until it is lifted', async () => {
  const barry = await recordOf('barry')
  await within(house, rights, tx => hold(tx, house, by, barry, 'legal matter', '2027-01-01'))
  const at = await asked('erasure', barry)
  const { go, grant } = await desk()
  await grant(at)
  assert.match((await go(at, 'execution')).text, /A hold for a legal matter keeps this record: lift it first/)
  assert.equal((await house.vault.record(barry))?.state, 'alive')
  await within(house, rights, tx => liftHold(tx, house, by, barry, 'legal matter'))
  assert.equal((await go(at, 'execution')).status, 303)
  assert.equal((await house.vault.record(barry))?.state, 'tombstone')
})

test('[N-70] whose name stands in other people’s words is erased all the same; theirs stay, and the desk is told where', async () => {
  const femi = await recordOf('femi')
  const amina = await recordOf('amina')
  const words = 'My neighbour Femi  Balogun helped me write this. Femi Balogunson did not.'
  await within(house, rights, tx =>
    house.vault.put(tx, by, 'panel', amina, { answers: answersValue.write({ one: words }) }),
  )
  const at = await asked('erasure', femi)
  const { go, get, grant } = await desk()
  await grant(at)
  await go(at, 'execution')
  assert.equal((await house.vault.record(femi))?.state, 'tombstone')
  const { text } = await get(at)
  assert.match(text, new RegExp(`Their name stands in the words of other people’s records; look there: ${amina}`))
  const [kept] = await within(house, rights, tx =>
    house.vault.open(tx, 'panel', { ...rights, fields: ['answers'] }, [amina]),
  )
  assert.equal(answersValue.read(kept?.answers)?.one, words)
})

test('[N-47] a record does not end at night while a request about it is open, and does once the last is closed', async () => {
  const [id = ''] = await within(house, rights, tx => house.vault.beginMany(tx, by, 'panel', '2026-11-24', 1))
  const [first, second] = [await asked('access', id), await asked('correction', id)]
  house.clock.set('2026-11-25T03:20:00Z')
  await sweep(house.reach)
  assert.equal((await house.vault.record(id))?.state, 'alive')
  const { go } = await desk()
  for (const at of [first, second]) {
    assert.equal((await house.vault.record(id))?.held, true)
    await go(at, 'decision', { decision: 'refused', reasons: 'Asked twice.', exception: '12-5' })
    await go(at, 'letter', { letter: 'No.' })
    await (await site.staff('Dorothy')).send(`${at}/letter/sending`, {}, `${at}/letter`)
    await go(at, 'step', { what: 'close' })
  }
  await sweep(house.reach)
  assert.equal((await house.vault.record(id))?.state, 'tombstone')
  house.clock.set('2026-11-23T09:00:00Z')
})
