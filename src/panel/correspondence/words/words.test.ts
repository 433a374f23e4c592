import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tell } from '#src/panel/correspondence/tell.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { letterNames, letters, standardWords, writeLetter } from '../letters.ts'
import { casesOf } from './cases.ts'
import { faultsOf } from './check.ts'
import { meanings } from './meanings.ts'

const site = await testSite()
const { house } = site
const grace = await site.staff('Grace')
const path = '/staff/settings/letters/withdrawn'
const own = `${standardWords('withdrawn').body}\nThank you for telling us.\n`

/** Tells an invented person that they have withdrawn, and gives back the letter that arrives. */
async function withdrawnLetter(email: string) {
  const by = system('test')
  const id = await within(house, { by, for: 'administer the panel' }, async tx => {
    const made = await house.vault.begin(tx, by, 'panel', '2027-06-30')
    await house.vault.put(tx, by, 'panel', made, { name: 'Nina Post', email })
    await tell(tx, house, by, made, 'withdrawn', { reference: 'RP-1', deleted: '1 May 2027' })
    return made
  })
  const letter = (await site.letters()).find(one => one.to === email)
  const row = await within(house, { by, for: 'administer the panel' }, tx =>
    tx.selectFrom('message').select('worded').where('dossier_id', '=', id).executeTakeFirstOrThrow(),
  )
  return { text: letter?.text ?? '', subject: letter?.subject ?? '', worded: row.worded }
}

test('the standard words of every letter pass their own check, in every case, and each place is explained', () => {
  for (const name of letterNames) {
    assert.deepEqual(faultsOf(name, standardWords(name).body), [], name)
    for (const one of casesOf(name)) assert.doesNotMatch(writeLetter(name, one.detail).text, /\(\(|undefined/, name)
    for (const [, place = ''] of standardWords(name).body.matchAll(/\(\((?!if |end)([^()]+)\)\)/g))
      assert.ok(meanings[place], `${name}: ${place}`)
  }
  assert.ok(Object.keys(letters).length > 25)
})

test('an officer writes other words, sees them, puts them in use; each message says which words it had', async () => {
  assert.equal((await withdrawnLetter('a@residents.example')).worded, 'standard 2')
  const written = await grace.send(`${path}/words`, { subject: 'You are out', body: own })
  assert.equal(written.status, 303)
  const seen = await grace.get(written.location)
  assert.match(seen.text, /These words are not in use[\s\S]*Thank you for telling us/)
  assert.match((await grace.get(`${written.location}/email?case=by-email`)).text, /<p [^>]*>Thank you for telling us/)
  assert.equal((await withdrawnLetter('b@residents.example')).worded, 'standard 2')
  const used = await grace.send(`${written.location}/use`, {}, written.location)
  assert.match((await grace.get(used.location)).text, /These words go out from now on[\s\S]*written by Grace/)
  const letter = await withdrawnLetter('c@residents.example')
  assert.equal(letter.subject, 'You are out')
  assert.match(letter.text, /Thank you for telling us/)
  assert.equal(letter.worded, 'own 1')
})

test('an officer goes back to the standard words, and the versions stay', async () => {
  await grace.send(`${path}/standard`, {}, path)
  assert.equal((await withdrawnLetter('d@residents.example')).worded, 'standard 2')
  const page = await grace.get(path)
  assert.match(page.text, /Back to the standard words: Grace[\s\S]*Version 1<\/a>, written by Grace/)
})

test('words that leave out what people must be told are refused in a sentence, and nothing typed is lost', async () => {
  const refused = async (body: string) => {
    const page = await grace.send(`${path}/words`, { subject: 'S', body })
    assert.equal(page.status, 422)
    return page.text.replaceAll('&#39;', "'")
  }
  const kept = await refused(own.replace('((deleted))', 'one day'))
  assert.match(kept, /Put \(\(deleted\)\) back: people need what is deleted, or when<\/a>/)
  assert.match(kept, /We delete it on one day/)
  assert.match(await refused(own.replace('((phone))', '')), /Put \(\(phone\)\) back/)
  assert.match(await refused(`${own}((postcode))`), /\(\(postcode\)\) is not known in this letter/)
  assert.match(await refused(`${own}((if it rains))wet((end))`), /\(\(if it rains\)\) is not known/)
  assert.match(await refused(`${own}((if by email))hello`), /Put \(\(end\)\) after the words for \(\(if by email\)\)/)
  assert.match(await refused(`${own}((end))`), /Put an \(\(if …\)\) before each/)
  assert.match(await refused(`${own}((phone`), /Close each/)
  assert.match(await refused(''), /Enter the words of the letter/)
  const subject = await grace.send(`${path}/words`, { subject: 'About ((reference))', body: own })
  assert.match(subject.text, /out of the subject/)
})

test('what looks like one person’s in words for everyone is asked about, and ours is let through', async () => {
  const body = `${own}\nWrite to Bo at bo@residents.example, 07700 900 123, LS1 4DY.\n`
  const asked = await grace.send(`${path}/words`, { subject: 'S', body })
  assert.equal(asked.status, 422)
  assert.match(asked.text, /bo@residents\.example”, “LS1 4DY”, “07700 900 123” if it is one person’s/)
  assert.equal((await grace.send(`${path}/words`, { subject: 'S', body, ours: 'yes' })).status, 303)
})

test('words are changed by officers and administrators alone, and read by the data protection officer', async () => {
  const dpo = await site.staff('Dorothy')
  assert.equal((await dpo.get(path)).status, 200)
  assert.doesNotMatch((await dpo.get(path)).text, /Change the words/)
  assert.equal((await dpo.get(`${path}/words`)).status, 403)
  assert.equal((await grace.get('/staff/settings/letters/no-such-letter')).status, 404)
  assert.equal((await grace.get(`${path}/versions/99`)).status, 404)
})
