import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testHouse } from '#test/house.ts'
import { within } from '../house.ts'
import { system } from '../notice/actor.ts'
import { keysCommand } from './command.ts'
import { openMasters } from './masters.ts'

const house = await testHouse()
const by = system('test')
const scope = { by, for: 'administer the panel' } as const

test('[N-52] the master key rotates while people are opened, and the old one can go', async () => {
  const ids = await within(house, scope, async tx => {
    const made = await house.vault.beginMany(tx, by, 'panel', '2027-06-30', 300)
    await house.vault.putMany(
      tx,
      by,
      'panel',
      made.map((id, at) => ({ id, values: { name: `Person ${at}` } })),
    )
    return made
  })
  const open = () =>
    within(house, scope, tx =>
      house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields: ['name'] }, ids),
    )
  const old = house.masters.currentId()
  const said: string[] = []
  const io = { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) }
  const [code, ...opened] = await Promise.all([keysCommand(['rotate'], house, io), open(), open(), open()])
  assert.equal(code, 0)
  assert.match(said.join(), /300 dossiers were wrapped anew/)
  for (const people of opened) assert.equal(people.length, 300)
  assert.notEqual(house.masters.currentId(), old)
  assert.equal(await keysCommand(['drop', house.masters.currentId()], house, io), 1)
  assert.equal(await keysCommand(['drop', old], house, io), 0)
  assert.equal((await open()).length, 300)
  assert.deepEqual(openMasters(house.config.masterKeyFile).ids(), [house.masters.currentId()])
})
