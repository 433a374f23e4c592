import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressValue } from '#src/panel/recruitment/values.ts'
import { MailError } from '#src/platform/mail/mailer.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { sendLetter } from './send.ts'
import { tell } from './tell.ts'

const site = await testSite()
const { house } = site
const by = system('test')
const panel = { by, for: 'administer the panel' } as const
const detail = { reference: 'RP-1', deleted: '1 May 2027' }

/** So many people who chose post, each with a letter that waits. */
async function posted(count: number): Promise<void> {
  const address = addressValue.write({ lines: ['1 Elm Row', 'Leeds'], postcode: 'LS1 1AA' })
  await within(house, panel, async tx => {
    const ids = await house.vault.beginMany(tx, by, 'panel', '2027-06-30', count)
    const all = ids.map((id, at) => ({ id, values: { name: `Posty ${at}`, channel: 'post', address } }))
    await house.vault.putMany(tx, by, 'panel', all)
    await tell(tx, house, by, ids, 'withdrawn', detail)
  })
}

const toPost = (text: string) => Number(/To post \((\d+)\)/.exec(text)?.[1])

test('letters are printed a hundred at a time, marked as posted in one press, and put back when that was a slip', async () => {
  await posted(130)
  const grace = await site.staff('Grace')
  const page = (await grace.get('/staff/letters')).text
  const before = toPost(page)
  assert.ok(before >= 130)
  assert.match(page, /Print the first 100[\s\S]*The 25 that wait longest are shown/)
  const sheets = (await grace.get('/staff/letters/print')).text
  assert.equal(sheets.match(/class="panel-sheet"/g)?.length, 100)
  assert.match(sheets, /1 Elm Row<br>\s*Leeds<br>\s*LS1 1AA/)
  const letter = [...sheets.matchAll(/name="letter" value="([^"]+)"/g)].map(([, id]) => id ?? '')
  const marked = await grace.send('/staff/letters/postings', { letter }, '/staff/letters/print')
  assert.equal(marked.location, '/staff/letters?posted=100')
  const after = (await grace.get(marked.location)).text
  assert.equal(toPost(after), before - 100)
  assert.match(
    after,
    /100 letters are marked as posted\.[\s\S]*100 at [^<]+<form[^>]*action="\/staff\/letters\/returns"/,
  )
  const again = await grace.send('/staff/letters/postings', { letter }, '/staff/letters/print')
  assert.equal(again.location, '/staff/letters?posted=0')
  const at = /name="at" value="([^"]+)"/.exec(after)?.[1] ?? ''
  await grace.send('/staff/letters/returns', { at }, '/staff/letters')
  assert.equal(toPost((await grace.get('/staff/letters')).text), before)
})

test('what is no letter is not marked, and a batch is not put back a day later', async () => {
  const grace = await site.staff('Grace')
  for (const letter of ['', 'nonsense', '00000000-0000-4000-8000-000000000000'])
    assert.equal(
      (await grace.send('/staff/letters/postings', { letter }, '/staff/letters/print')).location,
      '/staff/letters?posted=0',
    )
  assert.equal((await grace.send('/staff/letters/returns', { at: 'x' }, '/staff/letters')).status, 303)
  const sheets = (await grace.get('/staff/letters/print')).text
  const letter = /name="letter" value="([^"]+)"/.exec(sheets)?.[1] ?? ''
  const sentAt = house.clock.now()
  await grace.send('/staff/letters/postings', { letter }, '/staff/letters/print')
  house.clock.set(new Date(sentAt.getTime() + 25 * 60 * 60_000).toISOString())
  const tomorrow = await site.staff('Grace')
  const before = toPost((await tomorrow.get('/staff/letters')).text)
  await tomorrow.send('/staff/letters/returns', { at: sentAt.toISOString() }, '/staff/letters')
  assert.equal(toPost((await tomorrow.get('/staff/letters')).text), before)
})

test('a refused email is tried again once the address is right', async () => {
  const id = await within(house, panel, async tx => {
    const [one = ''] = await house.vault.beginMany(tx, by, 'panel', '2027-06-30', 1)
    await house.vault.put(tx, by, 'panel', one, { name: 'Reva Fused', email: 'reva@residents.example' })
    await tell(tx, house, by, one, 'withdrawn', detail)
    const row = await tx.selectFrom('message').select('id').where('dossier_id', '=', one).executeTakeFirstOrThrow()
    return row.id
  })
  const refusing: House = {
    ...house,
    mailer: {
      send: async () => {
        throw new MailError('address refused')
      },
      answers: async () => true,
      close: () => {},
    },
  }
  await sendLetter(refusing, id, async (_id, _template, given) => given)
  const grace = await site.staff('Grace')
  assert.match((await grace.get('/staff/letters')).text, /Reva Fused[\s\S]*address refused/)
  const path = `/staff/letters/${id}/another-try`
  assert.equal((await grace.send(path, {}, '/staff/letters')).location, '/staff/letters')
  assert.equal((await grace.send(path, {}, '/staff/letters')).status, 404)
  const letters = await site.letters()
  assert.ok(letters.some(one => one.to === 'reva@residents.example'))
  assert.doesNotMatch((await grace.get('/staff/letters')).text, /Reva Fused/)
})
