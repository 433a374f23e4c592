import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { testHouse } from '#test/house.ts'
import { openRoundNow } from '#test/round.ts'
import { grace } from '#test/settled.ts'
import { importCommand } from './command.ts'

const house = await testHouse()
const round = await openRoundNow(house)
const pools = join(import.meta.dirname, '../../../../../shared/data/pools')

async function panel(text: string | Buffer, ...args: string[]) {
  const file = join(house.dir, 'people.csv')
  writeFileSync(file, text)
  return command(file, ...args)
}
async function command(...args: string[]) {
  const said: string[] = []
  const code = await importCommand(args, house, { out: line => said.push(line), err: line => said.push(line) })
  return { code, said: said.join('\n') }
}
async function imported(): Promise<number> {
  const rows = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('application').select('state').where('round_id', '=', round).execute(),
  )
  return rows.length
}

test('each bad row is shown with its line and reason, and nothing is imported until the good rows are asked for', async () => {
  const text = [
    'Name,Email,Age,Council area',
    'Amina Yusuf,amina@example.com,35-44,Leeds',
    ',nobody@example.com,,',
    'Bo Chen,not an address,35 to 44,E06000001',
    '"Cara\nO’Neill",,75+,Atlantis',
    'Dev Patel,,,,too many',
  ].join('\n')
  const refused = await panel(text)
  assert.equal(refused.code, 1)
  assert.match(refused.said, /Line 3: There is no name\./)
  assert.match(refused.said, /Line 4: Enter an email address in the correct format/)
  assert.match(refused.said, /Line 5: The council area is not one in England\./)
  assert.match(refused.said, /Line 7: The row has more cells than there are headings\./)
  assert.match(refused.said, /1 good rows, 4 bad rows, 0 imported/)
  assert.equal(await imported(), 0)
  assert.equal((await panel(text, '--good-rows', '--dry-run')).code, 0)
  assert.equal(await imported(), 0)
  assert.match((await panel(text, '--good-rows')).said, /1 imported/)
  assert.equal(await imported(), 1)
  const again = await panel(text, '--good-rows', '--new-only')
  assert.match(again.said, /1 row looks like an application that is there already[\s\S]*0 imported/)
  assert.equal(await imported(), 1)
})

test('[N-23] a date of birth is refused, in a heading or in a cell', async () => {
  assert.match((await panel('Name,DOB\nA,\n')).said, /“DOB” holds dates of birth/)
  assert.match((await panel('Name,date_of_birth\nA,\n')).said, /holds dates of birth/)
  for (const birth of ['14/03/1962', '1962-03-14', '14 March 1962', '1.1.2001', '3/12/61'])
    assert.match((await panel(`Name,Other\nA,${birth}\n`)).said, /Line 2: A cell looks like a date of birth/)
})

test('what was on paper is sealed in its field, with the date it was received', async () => {
  const people = [
    'first_name;last_name;landlord;tenure;gender;received;ethnic group;phone;answer1',
    'Ines;Baptiste;Alder Homes;Leaseholder;Female;05/01/2027;Caribbean;0113 496 0123;I use a wheelchair since my illness',
  ].join('\r\n')
  const done = JSON.parse((await panel(`\uFEFF${people}`, '--json')).said)
  assert.equal(done.imported, 1)
  await within(house, { by: grace, for: 'administer the panel' }, async tx => {
    const row = await tx
      .selectFrom('application')
      .selectAll()
      .where('received_on', '=', '2027-01-05')
      .executeTakeFirst()
    assert.equal(row?.state, 'sent')
    assert.equal(row?.notice_given_how, 'on the paper form')
    assert.equal(row?.landlord_unlisted, true)
    const fields = ['name', 'tenancy', 'gender', 'phone', 'channel'] as const
    const ask = { by: grace, for: 'administer the panel', fields } as const
    const [opened] = await house.vault.open(tx, 'panel', ask, [row?.dossier_id ?? ''])
    assert.equal(opened?.name, 'Ines Baptiste')
    assert.equal(opened?.tenancy, 'leaseholder')
    assert.equal(opened?.gender, 'woman')
    assert.equal(opened?.channel, 'phone')
    assert.equal((await house.vault.record(row?.dossier_id ?? ''))?.expiresOn, '2027-07-29')
  })
})

test('malformed files and other encodings are refused with one sentence', async () => {
  const refusals: [string | Buffer, RegExp][] = [
    ['', /The file is empty/],
    ['Name\n"never closed', /never closed/],
    ['Name,Email\nA"b"c,"x"y\n', /quotation marks/],
    [Buffer.from('Name\nJos\xe9', 'latin1'), /not in UTF-8/],
    ['Name\nA\0B\n', /not in UTF-8/],
    ['Gender\nMale\n', /No column holds the name/],
  ]
  for (const [text, sentence] of refusals) {
    const { code, said } = await panel(text)
    assert.equal(code, 1, said)
    assert.match(said, sentence)
  }
  assert.equal((await command('no-such-file.csv')).code, 2)
  assert.equal((await command()).code, 2)
  assert.match((await panel('Name\nA\n', '--map', 'Age=age')).said, /no column “Age”/)
  assert.match((await panel('Name\nA\n', '--map', 'Name=salary')).said, /no field “salary”/)
})

test('a file of a million rows is refused kindly, before it is read whole', async () => {
  const { said } = await panel(`Name\n${'A Person\n'.repeat(1_000_000)}`)
  assert.match(said, /more than 50,000 rows: split it/)
})

test('ten thousand rows are imported', async () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => `Person ${at},person${at}@example.com,Leeds,35-44,Woman`)
  const before = await imported()
  const { said } = await panel(`name,email,area,age,gender\n${rows.join('\n')}`)
  assert.match(said, /10000 imported/)
  assert.equal((await imported()) - before, 10_000)
  assert.equal((await house.vault.findByEmail('person77@example.com')).length, 1)
})

test('real pools are read: what they hold of ours is taken, the rest is left out', {
  skip: !existsSync(pools),
}, async () => {
  const bench = join(pools, 'bench_500_75/candidates.csv')
  const done = await command(bench, '--map', 'id=name', '--map', 'age_bracket=', '--dry-run')
  assert.match(done.said, /500 good rows, 0 bad rows/)
  const fictional = await command(join(pools, 'fictional/candidates.csv'), '--dry-run')
  assert.match(fictional.said, /Line 2: .*email address.*age range/)
  const features = await command(join(pools, 'example_large_200/respondents.csv'))
  assert.match(features.said, /No column holds the name/)
})
