import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { openRoundNow } from '#test/round.ts'
import { adjustments, ageRanges, channels, ethnicGroups, genders, tenancies } from '../options.ts'
import { printRoutes } from './print.ts'

const house = await testHouse()
const desk = await openDesk(house, [printRoutes])

test('the paper form says so when no round is open', async () => {
  assert.match((await desk.get('/apply/print')).text, /Nobody can apply/)
})

test('the form on paper has every choice of the form online, its date, and what we do with the answers; in large print too', async () => {
  await openRoundNow(house)
  for (const path of ['/apply/print', '/apply/print?large=1']) {
    const page = await desk.get(path)
    assert.equal(page.status, 200, path)
    for (const options of [channels, tenancies, ageRanges, genders, adjustments])
      for (const words of Object.values(options)) assert.ok(page.text.includes(`<li>${words}</li>`), words)
    for (const { backgrounds } of Object.values(ethnicGroups))
      for (const words of Object.values(backgrounds)) assert.ok(page.text.includes(`<li>${words}</li>`), words)
    assert.match(page.text, /before <strong>5pm on 29 January 2027/)
    assert.match(page.text, /privacy notice, version 1/)
    assert.match(page.text, /everything is deleted on 29 July 2027/)
    assert.match(page.text, /What would you bring to the panel\?/)
  }
})

test('[N-18] once the policy document has lapsed, the form on paper asks for nothing that needs one', async () => {
  const late = await testHouse()
  const desk = await openDesk(late, [printRoutes])
  await openRoundNow(late, { closesAt: new Date('2028-02-01T17:00:00Z'), termStartsOn: '2028-04-01' })
  assert.match((await desk.get('/apply/print')).text, /ethnic group[\s\S]*Bangladeshi/)
  late.clock.set('2028-01-15T09:00:00Z')
  const { status, text } = await desk.get('/apply/print')
  assert.equal(status, 200)
  assert.match(text, /Your age range/)
  assert.doesNotMatch(text, /ethnic group|Bangladeshi|would help you take part/)
})
