import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeEarly, openRound } from '#src/panel/recruitment/round.ts'
import { within } from '#src/promises/house.ts'
import { grace } from '#test/settled.ts'
import { testSite } from '#test/site.ts'

const site = await testSite()
const { house } = site

async function begun(name: string) {
  const visitor = site.visitor()
  await visitor.send('/apply/terms', { terms: '0' })
  await visitor.send('/apply/name', { name })
  return visitor
}

test('how many terms someone has served stands among their answers, and is put right there', async () => {
  const visitor = await begun('Tess Term')
  const check = await visitor.get('/apply/check')
  assert.match(check.text, /Terms served on the panel before[\s\S]*?None[\s\S]*?href="\/apply\/terms\?check=1"/)
  assert.match((await visitor.get('/apply/terms?check=1')).text, /value="0" checked/)
  assert.equal((await visitor.send('/apply/terms', { terms: 'x' }, '/apply/terms?check=1')).status, 422)
  const changed = await visitor.send('/apply/terms', { terms: '2' }, '/apply/terms?check=1')
  assert.equal(changed.location, '/apply/check')
  assert.match((await visitor.get('/apply/check')).text, /Two terms/)
})

test('three terms, said later, change nothing: the page says how to withdraw, or to put it right', async () => {
  const visitor = await begun('Trey Three')
  const said = await visitor.send('/apply/terms', { terms: '3' }, '/apply/terms?check=1')
  assert.match(said.location, /^\/apply\/not-eligible/)
  const page = (await visitor.get(said.location)).text
  assert.match(page, /We have not changed your application[\s\S]*href="\/me\/withdrawal"/)
  assert.doesNotMatch(page, /kept nothing/)
  assert.match((await visitor.get('/apply/check')).text, /Terms served on the panel before[\s\S]*?None/)
})

test('own words about gender are never dropped in silence', async () => {
  const visitor = await begun('Gen Der')
  const both = await visitor.send('/apply/gender', { gender: 'woman', genderDescription: 'trans woman' })
  assert.equal(both.status, 422)
  assert.match(both.text, /to keep your own words, or take them out[\s\S]*value="trans woman"/)
  assert.equal((await visitor.send('/apply/gender', { genderDescription: 'agender' })).status, 303)
  assert.match((await visitor.get('/apply/gender')).text, /value="own-words" checked[\s\S]*value="agender"/)
})

test('the equality question can be answered later, from the answers of a sent application', async () => {
  const visitor = await begun('Ella Later')
  await visitor.send('/apply/contact', { channel: 'email', email: 'later@example.org' })
  await visitor.send('/apply/landlord', { landlord: 'northgate homes', tenancy: 'association-tenant' })
  await visitor.send('/apply/area', { area: 'E08000003' })
  assert.doesNotMatch((await visitor.get('/apply/check')).text, /href="\/apply\/equality"/)
  await visitor.send('/apply/check')
  assert.match((await visitor.get('/apply/check')).text, /href="\/apply\/equality"/)
})

test('a round that closed early says why, to those who had begun and to those who come too late', async () => {
  const visitor = await begun('Early Bird')
  await within(house, { by: grace, for: 'administer the panel' }, async tx => {
    const round = await openRound(tx, house.clock.now())
    assert.equal(await closeEarly(tx, house, grace, round?.id ?? '', 'Every place is taken.'), undefined)
  })
  assert.match((await visitor.get('/apply/contact')).text, /closed earlier than announced: Every place is taken\./)
  const late = await site.visitor().get('/apply')
  assert.match(late.text, /closed earlier than announced, at [^:]+: Every place is taken\./)
})
