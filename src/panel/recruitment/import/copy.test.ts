import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCommand } from '#src/commands.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { everyField } from '#src/promises/notice/datamap.ts'
import { accessCopy } from '#src/promises/rights/copy.ts'
import { applicant, sent } from '#test/applicants.ts'
import { testHouse } from '#test/house.ts'
import { openRoundNow } from '#test/round.ts'
import { addressValue, adjustmentsValue, answersValue } from '../values.ts'

const by = system('operator')
const said: string[] = []
const io = { out: (line: string) => void said.push(line), err: (line: string) => void said.push(line) }
const old = await testHouse()
const fresh = await testHouse()
const round = await openRoundNow(old)
await openRoundNow(fresh)

const told = {
  name: 'Zoë O’Hara-Nuñez 李',
  email: 'zoe@residents.example',
  phone: '01632 960 777',
  address: addressValue.write({ lines: ['1 "Quoted" Road', 'Leeds'], postcode: 'LS1 1AA' }),
  tenancy: 'council-tenant',
  ageRange: '35-44',
  gender: 'own-words',
  genderDescription: 'in my words',
  termsServed: '1',
  ethnicity: 'white-irish',
  adjustments: adjustmentsValue.write({ ticked: ['captions'], words: 'Sit near the door' }),
  answers: answersValue.write({ q1: 'Line one\nline two; <b>bold</b>' }),
}

/** The record as its own copy tells it: what the person gave. */
async function given(house: typeof old, id: string) {
  const copy = await within(house, { by, for: 'exercise rights' }, tx => accessCopy(tx, house, by, id))
  const theirs = new Set<string>(
    everyField()
      .filter(one => one.kind === 'panel' && one.rule.provenance === 'subject')
      .map(one => one.field),
  )
  return new Map(copy?.values.filter(one => theirs.has(one.field)).map(one => [one.field, one.value]))
}

test('[N-70] a person’s own copy can be taken into a fresh panel, where their record says what it said', async () => {
  const [id = ''] = await sent(old, round, [applicant(told)])
  await within(old, { by, for: 'administer the panel' }, tx =>
    old.vault.put(tx, by, 'panel', id, { staffNote: 'Rang twice.', decisionReason: 'A strong answer.' }),
  )
  const file = join(old.dir, 'copy.json')
  assert.equal(await runCommand(['rights', 'export', id, '--out', file], old, io), 0)
  said.length = 0
  assert.equal(await runCommand(['rights', 'import', file, '--json'], fresh, io), 0, said.join())
  const { record } = JSON.parse(said[0] ?? '{}')
  const [before, after] = [await given(old, id), await given(fresh, record)]
  assert.ok(before.size >= Object.keys(told).length)
  assert.deepEqual(after, before)
  assert.deepEqual(await fresh.vault.findByEmail('ZOE@residents.example'), [record])
  const whole = await within(fresh, { by, for: 'exercise rights' }, tx => accessCopy(tx, fresh, by, record))
  assert.doesNotMatch(JSON.stringify(whole), /Rang twice|A strong answer/, 'what staff wrote is not taken along')
})

test('what is no copy of a person’s data is refused in a sentence', async () => {
  const file = join(old.dir, 'wrong.json')
  for (const text of [
    '',
    '{',
    '[]',
    '{"schema":"panelkeeper-copy-2","values":[]}',
    '{"schema":"other","values":[{"field":"name","value":"X"}]}',
  ]) {
    writeFileSync(file, text)
    said.length = 0
    assert.equal(await runCommand(['rights', 'import', file], fresh, io), 1, text)
    assert.match(said.join(), /is not a copy that a person took from a panel/)
  }
  assert.equal(await runCommand(['rights', 'import', `${file}.none`], fresh, io), 2)
})

test('a field that no map declares, and one of the prototype, are not taken', async () => {
  const file = join(old.dir, 'odd.json')
  const values = [
    ['name', 'Odd One'],
    ['dateOfBirth', '1980-01-01'],
    ['constructor', 'x'],
    ['__proto__', 'y'],
    ['staffNote', 'z'],
  ]
  writeFileSync(
    file,
    JSON.stringify({ schema: 'panelkeeper-copy-2', values: values.map(([field, value]) => ({ field, value })) }),
  )
  said.length = 0
  assert.equal(await runCommand(['rights', 'import', file, '--json'], fresh, io), 0, said.join())
  const whole = await within(fresh, { by, for: 'exercise rights' }, tx =>
    accessCopy(tx, fresh, by, JSON.parse(said[0] ?? '{}').record),
  )
  assert.deepEqual(
    whole?.values.map(one => one.field),
    ['name'],
  )
})
