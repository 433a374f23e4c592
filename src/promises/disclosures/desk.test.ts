import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { dora, othersDesk } from '#test/others.ts'
import { dorothy } from '#test/settled.ts'
import { caseRoutes } from '../rights/routes.ts'
import { disclosureRoutes } from './routes.ts'

const house = await testHouse({ now: '2026-11-25T09:00:00Z' })
const { person, row } = othersDesk(house)
const subject = await person({ name: 'Amina Okafor', email: 'amina@example.org', landlord: 'Alder Homes' })
const sent: { id: string; letter: string }[] = []
const write = async (_tx: unknown, id: string, letter: string) => void sent.push({ id, letter })
const page = await openDesk(house, [
  (app, at) => disclosureRoutes(app, at, write),
  (app, at) => caseRoutes(app, at, write),
])
const at = '/staff/protection/disclosures'
const form = {
  type: 'legal',
  name: 'A. Counsel',
  body: 'Inn & Co',
  reach: 'counsel@example.org',
  channel: 'post',
  received: '20 November 2026',
  address: 'amina@example.org',
  fields: ['name', 'landlord'],
  words: 'A claim about repairs.',
}
const weighing = {
  identity: 'On the roll of solicitors.',
  gateway: 'sch2-para5-3',
  lawfulBasis: 'task',
  proof: 'authority',
  needed: 'Her letter of 2 May.',
  fields: ['landlord'],
  less: 'yes',
  asked: 'yes',
}
const idOf = (location: string) => location.split('/').at(-1) ?? ''
const linkIn = (text: string) => ({
  token: /\/extract\/([\w-]+)/.exec(text)?.[1] ?? '',
  code: /panel-code">(\d{6})</.exec(text)?.[1] ?? '',
})

test('[N-40] [N-42] [N-43] the desk leads through it, says in one sentence what is missing and where, and hands over by link and code', async () => {
  page.as(dorothy)
  const bare = await page.post(`${at}/new`, { ...form, fields: [], words: '' })
  assert.match(bare.text, /Enter what they ask, and why/)
  const some = await page.post(`${at}/new`, { ...form, fields: [], body: '', answerBy: '1 May 2020' })
  assert.equal(some.status, 422)
  for (const sentence of ['Select what they ask for', 'Enter the body', 'must not be before the request came'])
    assert.ok(some.text.includes(sentence), sentence)
  assert.match((await page.post(`${at}/new`, { ...form, address: 'no@example.org' })).text, /No living record has this/)
  assert.match((await page.post(`${at}/new`, { ...form, received: '26 November 2026' })).text, /not be in the future/)
  assert.match((await page.post(`${at}/new`, { ...form, received: '1 May 2026' })).text, /Why it is entered only now/)

  const { location } = await page.post(`${at}/new`, form)
  assert.match(
    (await page.get(location)).text,
    /Next: Weigh it. Answer by 21 December 2026/,
    'a month from its receipt',
  )
  assert.match((await page.post(location, { act: 'approve' })).text, /Weigh it first/)
  const wrong = await page.post(`${location}/weighing`, { ...weighing, proof: '', needed: 'Kept as typed.' })
  assert.match(wrong.text, /href="#proof"[\s\S]*Select what the request rests on/)
  assert.match(wrong.text, /Kept as typed\./)
  const ticked = await page.post(`${location}/weighing`, { ...weighing, off: 'told', toldWhy: 'It would warn them.' })
  assert.match(ticked.text, /The opening would tell them/)
  assert.match(ticked.text, /value="told" checked/, 'what was ticked stays ticked')
  await page.post(`${location}/weighing`, weighing)
  const weighed = (await page.get(location)).text
  for (const words of ['Her letter of 2 May', 'Article 6(1)(e)', 'On the roll of solicitors', 'Every right stays on'])
    assert.ok(weighed.includes(words), words)
  await page.post(location, { act: 'approve' })
  assert.match((await page.get(location)).text, /Another person of data protection looks/)
  page.as(dora)
  await page.post(location, { act: 'agree' })
  page.as(dorothy)
  assert.match((await page.post(location, { act: 'make' })).text, /href="#secondChannel"/)
  const { token, code } = linkIn((await page.post(location, { act: 'make', secondChannel: 'by phone' })).text)
  assert.match((await page.get(location)).text, /Waits to be taken/)

  page.as(undefined)
  assert.equal((await page.get(`/extract/${token}`)).status, 200)
  assert.match((await page.post(`/extract/${token}`, { code: 'x' })).text, /Enter the six digits/)
  assert.match((await page.post(`/extract/${token}`, { code: '1' })).text, /The code is wrong/)
  const taken = await page.post(`/extract/${token}`, { code })
  assert.match(taken.text, /Their landlord: Alder Homes/)
  assert.doesNotMatch(taken.text, /Amina/)
  assert.equal((await page.post(`/extract/${token}`, { code })).status, 410)
  assert.match((await page.get(`/extract/${token}`)).text, /leads nowhere any more[\s\S]*make a new link/)
  page.as(dorothy)
  assert.doesNotMatch((await page.get(at)).text, new RegExp(idOf(location)))
  assert.match((await page.get(`${at}?closed=1`)).text, /Closed: given/)
})

test('[N-40] a refusal has its ground and reasons, writes a letter that is checked before it goes, and closes with it', async () => {
  page.as(dorothy)
  const { location } = await page.post(`${at}/new`, form)
  const bare = await page.post(`${location}/refusal`, { ground: 'unneeded', asked: 'yes' })
  assert.match(bare.text, /Enter the reasons/)
  await page.post(`${location}/refusal`, { ground: 'unneeded', reasons: 'A repair needs no names.', asked: 'yes' })
  const draft = (await page.get(location)).text
  assert.match(draft, /Next: Write to who asked/)
  assert.match(draft, /We do not see that what you ask for is needed[\s\S]*Why: A repair needs no names\./)
  assert.doesNotMatch(draft.slice(draft.indexOf('<textarea')), /Amina/, 'it does not name the person')
  await page.post(`${location}/letter`, { letter: 'Hello, we cannot, because a repair needs no names. dpo@x' })
  const check = await page.get(`${location}/letter`)
  const checked = /name="checked" value="([^"]+)"/.exec(check.text)?.[1] ?? ''
  assert.match((await page.post(`${location}/letter/sending`, { checked: 'other' })).text, /Someone changed the letter/)
  await page.post(`${location}/letter/sending`, { checked })
  assert.deepEqual(sent.splice(0), [{ id: idOf(location), letter: 'rights update' }])
  const closed = (await page.get(location)).text
  assert.match(closed, /Closed: refused/)
  assert.match((await page.get(`${location}/print`)).text, /because a repair needs no names/)
  assert.equal((await page.post(`${location}/letter`, { letter: 'Other words' })).status, 404)
})

test('[N-44] who asks about themselves, or a solicitor for them, gets an ordinary access request with the day on which it came', async () => {
  page.as(dorothy)
  const own = {
    ...form,
    type: 'own',
    body: '',
    address: '',
    fields: [],
    name: 'Amina Okafor',
    reach: 'amina@example.org',
  }
  const made = await page.post(`${at}/new`, own)
  assert.match(made.location, /^\/staff\/protection\/cases\//)
  const first = (await page.get(made.location)).text
  assert.match(first, /20 November 2026, by post/)
  assert.match(first, /Due 21 December 2026/)
  assert.match(first, /It came among the requests of others/)

  const late = await page.post(`${at}/new`, form)
  assert.match((await page.post(late.location, { act: 'own' })).text, /Select who it is that asks/)
  const moved = await page.post(late.location, { act: 'own', as: 'authority' })
  const second = (await page.get(moved.location)).text
  assert.match(second, /authority to act for the person seen/)
  assert.match(second, /A\. Counsel, Inn &amp; Co/)
  assert.match(second, /Due 21 December 2026/)
  assert.match(second, /Next: Decide/, 'the record was found already')
  const left = (await page.get(late.location)).text
  assert.match(left, /Closed: the person’s own request/)
  assert.ok(left.includes(moved.location))
  assert.equal((await row(idOf(late.location))).rights_case, idOf(moved.location))

  const unsure = await page.post(`${at}/new`, form)
  const open = await page.post(unsure.location, { act: 'own', as: 'open' })
  assert.match((await page.get(open.location)).text, /Find their record/, 'authority that nobody saw opens no record')
})

test('[N-40] two requests about one person at once lead to each other, and to their own request to be deleted', async () => {
  page.as(dorothy)
  const first = await page.post(`${at}/new`, form)
  const second = await page.post(`${at}/new`, { ...form, name: 'B. Advocate' })
  assert.ok((await page.get(second.location)).text.includes(first.location))
  const erasure = {
    matter: 'erasure',
    channel: 'email',
    name: 'Amina',
    reach: 'amina@example.org',
    words: 'Delete it.',
  }
  const { location } = await page.post('/staff/protection/cases/new', { ...erasure, received: '24 November 2026' })
  await page.post(`${location}/subject`, { address: 'amina@example.org' })
  assert.match((await page.get(second.location)).text, /Delete it<\/a>. Once that is carried out nothing can be given/)
  await page.post(second.location, { act: 'taken back', takenBack: 'They rang on 25 November.' })
  assert.match((await page.get(second.location)).text, /Closed: taken back by who asked/)
})

test('[N-40] where several people share an address, whose record is asked about is selected, never taken for granted', async () => {
  const partner = await person({ name: 'Chidi Okafor', email: 'both@example.org' })
  await person({ name: 'Ada Okafor', email: 'both@example.org' })
  page.as(dorothy)
  const asks = { ...form, address: 'both@example.org' }
  const first = await page.post(`${at}/new`, asks)
  assert.equal(first.status, 422)
  assert.match(first.text, /Several records fit: select whose record/)
  assert.match(first.text, /A claim\s|A claim about repairs\./, 'what was typed is kept')
  assert.match(first.text, /Chidi Okafor, both@example\.org/)
  assert.equal((await page.post(`${at}/new`, { ...asks, record: subject })).status, 422, 'no record of another address')
  const { location } = await page.post(`${at}/new`, { ...asks, record: partner })
  assert.equal((await row(idOf(location))).subject, partner)
})

test('[N-40] a request about someone we do not know is entered on purpose, and the record can be found later', async () => {
  page.as(dorothy)
  const { location } = await page.post(`${at}/new`, { ...form, address: 'Nobody Known', unknown: 'yes' })
  assert.match((await page.get(location)).text, /Next: Find the record, or refuse it/)
  assert.equal((await page.post(location, { act: 'find', address: 'x@example.org' })).status, 422)
  await page.post(location, { act: 'find', address: 'amina@example.org' })
  assert.match((await page.get(location)).text, /Next: Weigh it/)
})
