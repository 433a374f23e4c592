import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { openRoundNow } from '#test/round.ts'
import { grace } from '#test/settled.ts'
import { officerRoutes } from '../officer.ts'

const house = await testHouse()
const desk = await openDesk(house, [officerRoutes])
desk.as(grace)
const start = '/staff/applications/import'
const file = 'Person;Age;Town\nAmina Yusuf;35-44;Leeds\nBo Chen;nineteen;York\n'
const columns = { column0: 'name', column1: 'ageRange', column2: 'area' }

test('an officer uploads a file, says what its columns hold, sees the bad rows and takes the good ones', async () => {
  await openRoundNow(house)
  const sent = await desk.upload(start, 'people', file)
  assert.equal(sent.status, 303)
  const page = await desk.get(sent.location)
  assert.match(page.text, /For example: Amina Yusuf; Bo Chen/)
  assert.match(page.text, /<option value="ageRange" selected>/)
  const checked = await desk.post(sent.location, columns)
  assert.match(checked.text, /Line 3: The age range is not one of those on the form/)
  assert.match(checked.text, /Import 1 good rows, leave out 1/)
  const nameless = await desk.post(sent.location, { column0: '', column1: 'area', column2: 'area' })
  assert.equal(nameless.status, 422)
  assert.match(nameless.text, /No column holds the name[\s\S]*id="column1"[\s\S]*?<option value="area" selected>/)
  const back = /href="([^"]+)">Change what the columns hold/.exec(checked.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
  assert.match((await desk.get(back)).text, /id="column2"[\s\S]*?<option value="area" selected>/)
  assert.equal((await desk.post(`${sent.location}/applications`, columns)).status, 422)
  assert.match((await desk.get('/staff/applications')).text, /<span class="panel-count">0<\/span> sent/)
  const done = await desk.post(`${sent.location}/applications`, { ...columns, rows: 'good' })
  assert.equal(done.status, 303)
  assert.match((await desk.get(done.location)).text, /1 application is imported/)
  assert.match((await desk.get('/staff/applications')).text, /Amina Yusuf/)
})

test('the file is gone once it is imported: a second press takes nothing', async () => {
  const { location } = await desk.upload(start, 'people', 'Name\nCara Doyle\n')
  const press = () => desk.post(`${location}/applications`, { column0: 'name' })
  assert.deepEqual([(await press()).status, (await press()).status], [303, 404])
  assert.equal((await house.vault.record(location.split('/').at(-1) ?? ''))?.state, 'tombstone')
})

test('those who can be reached are told that their application is here, when the officer says so', async () => {
  const people = 'Name,Email\nReach Able,reach@example.org\nNo Address,\n'
  const { location } = await desk.upload(start, 'people', people)
  const columns = { column0: 'name', column1: 'email' }
  await desk.post(`${location}/applications`, { ...columns, rows: 'good', receipts: 'send' })
  const letters = await within(house, { by: grace, for: 'administer the panel' }, tx =>
    tx.selectFrom('message').select(['template', 'channel', 'detail']).execute(),
  )
  assert.equal(letters.length, 1)
  assert.equal(letters[0]?.template, 'application received')
  assert.match(JSON.stringify(letters[0]?.detail), /RP-\w{4}-\w{4}/)
})

test('a file that is taken twice by mistake is seen first, with its lines, and only what is new is taken', async () => {
  const people = 'Name,Email\nReach Able,REACH@example.org\nNew Person,new@example.org\nNew Again,new@example.org\n'
  const { location } = await desk.upload(start, 'people', people)
  const columns = { column0: 'name', column1: 'email' }
  const checked = (await desk.post(location, columns)).text
  assert.match(checked, /<span class="panel-count">2<\/span> look like another/)
  assert.match(checked, /Line 2: It has the same email address as an application that is here already\./)
  assert.match(checked, /Line 4: It has the same email address as line 3\./)
  const done = await desk.post(`${location}/applications`, { ...columns, alike: 'leave out' })
  assert.match((await desk.get(done.location)).text, /1 application is imported/)
  assert.doesNotMatch((await desk.get('/staff/applications')).text, /New Again/)
})

test('a file that cannot be read, or holds dates of birth, is refused at its step', async () => {
  assert.match((await desk.upload(start, 'people', '')).text, /Select a CSV file/)
  assert.match((await desk.upload(start, 'people', Buffer.from('Name\nJos\xe9', 'latin1'))).text, /not in UTF-8/)
  const { location } = await desk.upload(start, 'people', 'Name,DOB\nA,1\n')
  const checked = await desk.post(location, { column0: 'name' })
  assert.equal(checked.status, 422)
  assert.match(checked.text, /holds dates of birth/)
  assert.equal((await desk.get(`${start}/nothing`)).status, 404)
})
