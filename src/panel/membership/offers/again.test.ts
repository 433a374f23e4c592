import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applicantsOf } from '#src/panel/recruitment/application.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import { within } from '#src/promises/house.ts'
import { resident, system } from '#src/promises/notice/actor.ts'
import { testSite } from '#test/site.ts'
import { accept, decline, type Offer, offerPlaces, offersOf } from './offers.ts'

const site = await testSite({ closed: 8 })
const { house } = site
const by = system('test')
const tx = <T>(work: Parameters<typeof within<T>>[2]) => within(house, { by, for: 'administer the panel' }, work)
const round = await tx(async inner => {
  const found = (await rounds(inner)).find(one => one.name.includes('just closed'))
  if (!found) throw new Error('There is a closed round.')
  await inner.updateTable('round').set({ target_size: 2 }).where('id', '=', found.id).execute()
  return { ...found, targetSize: 2 }
})
const people = await tx(async inner => {
  const ask = { by, for: 'administer the panel', fields: ['email'] } as const
  return house.vault.open(inner, 'panel', ask, await applicantsOf(inner, round.id))
})
const [first = '', second = '', third = ''] = people.filter(one => one.email).map(one => one.id)
await tx(inner => offerPlaces(inner, house, by, round, [first, second]))
const offerOf = async (dossier: string): Promise<Offer> => {
  const found = (await tx(inner => offersOf(inner, round.id))).find(one => one.dossier_id === dossier)
  if (!found) throw new Error('There is an offer.')
  return found
}
const grace = await site.staff('Grace')
const page = async (dossier: string) => `/staff/members/offers/${round.id}/${(await offerOf(dossier)).id}`
const again = async (dossier: string) =>
  grace.send(await page(dossier), { act: 'again' }, '/staff/members/audiences/new')
const letters = (dossier: string) =>
  tx(
    async inner =>
      (
        await inner
          .selectFrom('message')
          .select('id')
          .where('dossier_id', '=', dossier)
          .where('template', '=', 'offer')
          .execute()
      ).length,
  )

test('each thing missing of an answer by phone is said at its own place, and nothing typed is lost', async () => {
  const none = await grace.send(await page(first), { act: 'answer', reason: 'x'.repeat(501) })
  assert.equal(none.status, 422)
  for (const [field, says] of [
    ['answer', 'Select what they said'],
    ['via', 'Select how they told us'],
    ['reason', 'Their reason must be 500 characters or fewer'],
  ])
    assert.match(none.text, new RegExp(`id="${field}-error"[\\s\\S]{0,120}${says}`))
  const yes = await grace.send(await page(first), { act: 'answer', answer: 'yes', via: 'phone' })
  assert.match(yes.text, /id="charter-error"[\s\S]{0,120}Tick that they have heard or read the charter/)
  assert.match(yes.text, /value="phone" checked/)
  assert.equal((await offerOf(first)).state, 'offered')
})

test('whose no was a mistake is offered the place again, with a letter and the whole time', async () => {
  await tx(inner => decline(inner, house, resident(first), first, 'I pressed too soon.'))
  assert.match((await grace.get(await page(first))).text, /They would like the place after all/)
  assert.equal((await again(first)).status, 303)
  const offer = await offerOf(first)
  assert.deepEqual([offer.state, offer.seat, offer.answered_at], ['offered', 1, null])
  assert.equal(await letters(first), 2)
  const [held] = await tx(inner =>
    house.vault.open(inner, 'panel', { by, for: 'administer the panel', fields: ['withdrawalReason'] }, [first]),
  )
  assert.equal(held?.withdrawalReason, undefined, 'why they said no is true no more')
  assert.match((await again(first)).text, /This offer is not over/, 'twice is once')
  assert.equal(await letters(first), 2)
})

test('tries from before count no more once the place is offered again', async () => {
  await grace.send(await page(second), { act: 'tried', way: 'email' })
  assert.match((await grace.get(await page(second))).text, /Written to by email/)
  await tx(inner => decline(inner, house, resident(second), second, ''))
  house.clock.set(new Date(house.clock.now().getTime() + 60_000).toISOString())
  await again(second)
  assert.doesNotMatch((await grace.get(await page(second))).text, /Written to by email/)
})

test('no place is offered again that another has, or to someone who has withdrawn', async () => {
  await tx(inner => decline(inner, house, resident(second), second, ''))
  await tx(inner => offerPlaces(inner, house, by, round, [third]))
  assert.match((await grace.get(await page(second))).text, /No place is free any more/)
  const full = await again(second)
  assert.equal(full.status, 422)
  assert.match(full.text, /No place is free any more/)
  await tx(inner => decline(inner, house, resident(third), third, ''))
  await tx(inner =>
    inner.updateTable('application').set({ state: 'withdrawn' }).where('dossier_id', '=', third).execute(),
  )
  assert.match((await again(third)).text, /Their application does not stand any more/)
  await again(second)
  await tx(inner => accept(inner, house, resident(second), second))
  assert.equal((await offerOf(second)).state, 'accepted')
})
