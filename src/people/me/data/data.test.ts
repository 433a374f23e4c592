import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { openCase } from '#src/promises/rights/cases.ts'
import { testSite } from '#test/site.ts'

const site = await testSite({ seated: 20 })
const { house } = site
const by = system('test')
const rights = { by, for: 'exercise rights' } as const
const gwen = await site.staff('Gwen')
const amina = await site.staff('Amina')
const [gwenId = ''] = await house.vault.findByEmail('gwen@residents.example')

/** The part of a page under a heading, up to the next of its kind. */
const under = (text: string, heading: string) => {
  const from = text.indexOf(heading)
  assert.notEqual(from, -1, `the page has no “${heading}”`)
  const to = text.indexOf('<h2', from)
  return text.slice(from, to === -1 ? undefined : to)
}
const put = (fields: object) =>
  within(house, { by, for: 'administer the panel' }, tx => house.vault.put(tx, by, 'panel', gwenId, fields))

test('[N-70] what is held stands by purpose: the day it is deleted first, each value once, who opened it and when', async () => {
  await put({ adjustments: JSON.stringify({ ticked: [], words: 'Large print' }), ethnicity: 'white-irish' })
  const grace = await site.staff('Grace')
  await grace.get(`/staff/members/${gwenId}`)
  const { text } = await gwen.get('/me/data')
  assert.ok(text.indexOf('is deleted on') < text.indexOf('Gwen Pritchard'), 'the day comes first')
  const running = under(text, 'To run the panel and your part in it</h2>')
  assert.match(running, /Gwen Pritchard/)
  assert.match(running, /Opened (once|\d+ times)/)
  assert.match(running, /2026: officer, to run the panel and your part in it/)
  assert.doesNotMatch(running, /Large print|Irish/)
  assert.match(under(text, 'To put in place what you need to take part</h2>'), /Large print/)
  const counted = under(text, 'To check, in counts of groups')
  assert.match(counted, /White|Irish/)
  assert.match(counted, /We also use: .*your age range/)
  assert.equal(text.split('gwen@residents.example').length, 2, 'a value stands once')
})

test('[N-70] each value leads to where it is changed: a page of its own, or else a request to us', async () => {
  const { text } = await gwen.get('/me/data')
  const leads = (field: string) => /href="([^"]+)"/.exec(text.slice(text.indexOf(`id="held-${field}"`)))?.[1]
  assert.equal(leads('name'), '/me/details/name')
  assert.equal(leads('channel'), '/me/details/reach')
  assert.equal(leads('times'), '/me/preferences')
  assert.equal(leads('adjustments'), '/me/adjustments')
  assert.equal(leads('ethnicity'), '/me/equality')
  assert.equal(leads('landlord'), '/me/data/correction/landlord', 'her round is over')
  for (const page of ['/me/details/name', '/me/details/reach', '/me/preferences', '/me/adjustments', '/me/equality'])
    assert.equal((await gwen.get(page)).status, 200, page)
  const open = (await amina.get('/me/data')).text
  for (const page of ['landlord', 'area', 'age-range', 'skills']) {
    assert.ok(open.includes(`href="/apply/${page}?check=1"`), page)
    assert.equal((await amina.get(`/apply/${page}?check=1`)).status, 200, page)
  }
})

test('[N-70] what cannot be changed there is corrected by a request about that value; bad input loses nothing', async () => {
  const page = await gwen.get('/me/data/correction/landlord')
  assert.match(page.text, /About: your landlord/)
  const empty = await gwen.send('/me/data/correction/landlord', { words: '  ' })
  assert.equal(empty.status, 422)
  assert.match(empty.text, /Enter what is wrong, and what it should say/)
  const long = await gwen.send('/me/data/correction/landlord', { words: 'x'.repeat(4001) })
  assert.equal(long.status, 422)
  assert.ok(long.text.includes('x'.repeat(4001)))
  assert.equal((await gwen.get('/me/data/correction/nothing')).status, 404)
  const sent = await gwen.send('/me/data/correction/landlord', { words: 'I moved to Alder Homes.' })
  const reference = /DP-\w{6}/.exec(sent.text)?.[0] ?? ''
  const listed = under((await gwen.get('/me/data')).text, 'Your requests</h2>')
  assert.ok(listed.includes(`Correct it (${reference})`))
  assert.match(listed, /A person looks into it\. We answer by 23 December 2026\./)
  const at = /href="(\/me\/data\/requests\/[^"]+)"/.exec(listed)?.[1] ?? ''
  assert.match((await gwen.get(at)).text, /Your landlord: I moved to Alder Homes\./)
  assert.equal((await amina.get(at)).status, 404, 'nobody else sees it')
  assert.equal((await amina.raw(at, { _csrf: await token(amina), words: 'Mine' })).status, 404, 'nor writes to it')
})

test('[N-70] a person sees how each request stands, answers what we asked so that the clock goes on, and reads the answer', async () => {
  const dorothy = await site.staff('Dorothy')
  await gwen.send('/me/data/request', { right: 'access', words: 'All of it.' }, '/me/data')
  const mine = await within(house, rights, tx =>
    tx.selectFrom('rights_case').selectAll().where('subject', '=', gwenId).where('matter', '=', 'access').execute(),
  )
  const desk = `/staff/protection/cases/${mine[0]?.dossier_id}`
  const at = `/me/data/requests/${mine[0]?.dossier_id}`
  await dorothy.send(`${desk}/step`, { what: 'ask-more', words: 'Which years do you mean?' }, desk)
  const asked = (await gwen.get(at)).text
  assert.match(asked, /We asked you something and wait for your answer/)
  assert.match(asked, /Which years do you mean\?/)
  assert.match((await gwen.send(at, { words: '' })).text, /Enter what you want to tell us/)
  assert.equal((await gwen.send(at, { words: 'All years.' })).location, at)
  assert.match((await gwen.get(at)).text, /A person looks into it/)
  assert.match((await dorothy.get(desk)).text, /they wrote on their page: All years\./)
  await dorothy.send(`${desk}/decision`, { decision: 'granted', reasons: 'The law gives it.' }, desk)
  await dorothy.send(`${desk}/execution`, { given: 'She takes it herself.' }, desk)
  assert.match((await gwen.get(at)).text, /It is decided\. We write to you by/)
  const letter = 'Hello Gwen,\n\nHere it is.'
  await dorothy.send(`${desk}/letter`, { letter }, desk)
  assert.doesNotMatch((await gwen.get(at)).text, /Here it is\./, 'a draft is not shown')
  await dorothy.send(`${desk}/letter/sending`, {}, `${desk}/letter`)
  await dorothy.send(`${desk}/step`, { what: 'close' }, desk)
  const done = (await gwen.get(at)).text
  assert.match(done, /Answered on 23 November 2026/)
  assert.match(done, /Here it is\./)
  assert.equal(
    (await gwen.raw(at, { _csrf: await token(gwen), words: 'More' })).status,
    404,
    'a closed one takes no more',
  )
})

test('[N-72] who was asked to show that it was them does so by signing in, with one press; nobody else can', async () => {
  const dorothy = await site.staff('Dorothy')
  const requester = { name: 'G', reach: '01632 960 777' }
  const asked = { matter: 'access', channel: 'phone', requester, words: '', subject: gwenId } as const
  const { id } = await within(house, rights, tx => openCase(tx, house, by, asked))
  const desk = `/staff/protection/cases/${id}`
  const at = `/me/data/requests/${id}`
  await dorothy.send(`${desk}/step`, { what: 'ask-identity', words: 'The number is another.' }, desk)
  assert.match((await gwen.get(at)).text, /We are not sure yet that it was you/)
  assert.doesNotMatch((await gwen.get(at)).text, /The number is another/)
  assert.equal((await amina.raw(`${at}/identity`, { _csrf: await token(amina) })).status, 404)
  assert.equal((await gwen.send(`${at}/identity`, {}, at)).location, at)
  assert.match((await dorothy.get(desk)).text, /identity proved: they signed in/)
  assert.match((await gwen.get(at)).text, /A person looks into it/)
  assert.equal((await gwen.raw(`${at}/identity`, { _csrf: await token(gwen) })).status, 404, 'once')
})

test('[N-70] of a request by someone who acts for them a person sees that it was made, and not what that someone wrote', async () => {
  const dorothy = await site.staff('Dorothy')
  const requester = { name: 'Son Of Gwen', reach: 'son@example.org' }
  const asked = { matter: 'access', channel: 'email', requester, words: 'Mother wants it.' } as const
  const { id } = await within(house, rights, tx => openCase(tx, house, by, asked))
  const desk = `/staff/protection/cases/${id}`
  await dorothy.send(`${desk}/subject`, { address: 'gwen@residents.example', as: 'authority' }, desk)
  const { text } = await gwen.get(`/me/data/requests/${id}`)
  assert.match(text, /Someone who acts for you asked/)
  assert.doesNotMatch(text, /Mother wants it|son@example/)
})

test('[N-70] dates and states are told in words, without numbers that tell nothing', async () => {
  const { text } = await gwen.get('/me/data/dates')
  assert.match(text, /When the term starts: <strong>\d+ February 2026/)
  const shown = text.slice(text.indexOf('<main'), text.indexOf('</main'))
  assert.doesNotMatch(shown, /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|null|undefined|\[object|system:/)
})

async function token(who: typeof gwen): Promise<string> {
  return /name="_csrf" value="([^"]+)"/.exec((await who.get('/me/data')).text)?.[1] ?? ''
}
