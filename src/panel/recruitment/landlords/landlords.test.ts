import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { findLandlords, landlordNamed } from './landlords.ts'
import { landlordRoutes } from './routes.ts'
import { readLandlords } from './upload.ts'

const grace: Actor = { id: 'b5a1c9f2-0000-4000-8000-000000000001', roles: ['officer'], own: [] }
const house = await testHouse()
const desk = await openDesk(house, [landlordRoutes])
desk.as(grace)
const atDesk = <T>(work: Parameters<typeof within<T>>[2]) =>
  within(house, { by: grace, for: 'administer the panel' }, work)

test('an officer replaces the list after seeing what changes, each bad row with its line', async () => {
  const file = 'Ref;Landlord\n1;Alder Homes\n2;\n3;Birch Housing Association\n4;alder homes\n'
  const page = await desk.upload('/staff/rounds/landlords', 'list', file)
  assert.match(page.text, /has 2 landlords: 2 are new/)
  assert.match(page.text, /Line 3: There is no name\./)
  assert.match(page.text, /Line 5: “alder homes” is in the file already\./)
  assert.equal((await desk.get('/staff/rounds/landlords')).text.includes('The list is empty'), true)
  const names = /name="names" value="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&quot;', '"') ?? ''
  assert.equal((await desk.post('/staff/rounds/landlords/replacement', { names })).status, 303)
  assert.match((await desk.get('/staff/rounds/landlords?find=birch')).text, /<li>Birch Housing Association/)
})

test('people find a landlord by some words of its name, in any order and case', async () => {
  assert.deepEqual(await atDesk(tx => findLandlords(tx, 'ASSOCIATION birch')), ['Birch Housing Association'])
  assert.deepEqual(await atDesk(tx => findLandlords(tx, '%')), [])
  assert.equal(await atDesk(tx => landlordNamed(tx, '  alder   HOMES ')), 'Alder Homes')
})

test('no file, an empty one, and one in another encoding are each refused with one sentence', async () => {
  assert.match((await desk.upload('/staff/rounds/landlords', 'list', '')).text, /Select a CSV file/)
  assert.match((await desk.upload('/staff/rounds/landlords', 'list', 'Landlord\n')).text, /holds no landlords/)
  assert.match(String(await readLandlords(Buffer.from('Landlord\nCaf\xe9 Homes', 'latin1'))), /not in UTF-8/)
  assert.match(String(await readLandlords(Buffer.from('Landlord\n"Alder'))), /never closed/)
})

test('a byte order mark, UTF-16 and Windows line ends are read as what they are', async () => {
  const expected = { names: ['Alder Homes', 'Élan'], faults: [] }
  const text = '\uFEFFName\r\nAlder Homes\r\nÉlan\r\n'
  assert.deepEqual(await readLandlords(Buffer.from(text)), expected)
  assert.deepEqual(await readLandlords(Buffer.from(text, 'utf16le')), expected)
})
