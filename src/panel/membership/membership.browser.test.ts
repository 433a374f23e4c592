import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { rounds } from '#src/panel/recruitment/round.ts'
import { residents } from '#src/people/demo/world.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { axe, browse, overflow } from '#test/browser.ts'
import { testSite } from '#test/site.ts'
import { offerPlaces } from './offers/offers.ts'

const by = system('test')
const first = await testSite()
const second = await testSite()

/** Amina is offered a place, takes it, looks round and leaves; an officer sees it. Returns what was found wrong. */
async function seated(site: typeof first, page: Page, scripts: boolean): Promise<string[]> {
  const found: string[] = []
  const look = async () => {
    const over = await overflow(page).catch(() => 0)
    if (over > 0) found.push(`${new URL(page.url()).pathname} is ${over} px too wide`)
    if (scripts) found.push(...(await axe(page)))
  }
  const be = async (name: string) => {
    await page.goto('/demo')
    await page.getByRole('button', { name }).click()
  }
  const { house } = site
  const [amina = ''] = await house.vault.findByEmail(residents[0].email)
  const round = await within(house, { by, for: 'administer the panel' }, async tx => {
    const [round] = await rounds(tx)
    if (!round) throw new Error('There is a round.')
    await offerPlaces(tx, house, by, round, [amina])
    return round.id
  })
  await be('Amina')
  await page.getByRole('button', { name: 'You are offered a place' }).click()
  await look()
  await page.getByRole('button', { name: 'Send my answer' }).click()
  await page.getByText('Select yes or no').first().waitFor()
  await look()
  await page.getByLabel('Yes, I take the place').check()
  await page.getByLabel('I agree to how the panel works together').check()
  await page.getByRole('button', { name: 'Send my answer' }).click()
  await page.getByText('This is your first term').waitFor()
  await look()
  await page.getByRole('link', { name: 'Leave the panel' }).click()
  await look()
  await page.getByRole('button', { name: 'Leave the panel' }).click()
  await page.getByText('You can come back until').waitFor()
  await look()
  await page.getByRole('button', { name: 'Come back' }).click()
  await page.goto('/me/draw')
  await look()
  for (const own of ['', '/adjustments', '/preferences', '/details', '/details/name', '/details/reach']) {
    await page.goto(`/me${own}`)
    await look()
  }
  await page.getByRole('button', { name: 'Save' }).click()
  await page.goto('/me/details/email')
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await page.getByText('Enter an email address').first().waitFor()
  await look()
  await page.getByLabel('Email address').fill('amina.okafor@residents.example')
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await look()
  await page.getByRole('button', { name: 'Confirm my new address' }).click()
  await page.getByText('Enter the code').first().waitFor()
  await look()
  await page.goto('/me/supporter')
  await look()
  await page.getByRole('button', { name: 'Ask them' }).click()
  await page.getByText('Enter their full name').first().waitFor()
  await look()
  await page.getByLabel('Their full name').fill('Noor Haq')
  await page.getByLabel('Their email address').fill('noor@friends.example')
  await page.getByLabel('They get a copy, and may do things here for me').check()
  await page.getByRole('button', { name: 'Ask them' }).click()
  await page.getByText('Not yet: we have asked them').waitFor()
  await look()
  for (const link of ['/new-address/x', '/not-me/x']) {
    await page.goto(link)
    await look()
    await page.getByRole('button', { name: /Confirm|This was not me/ }).click()
    await look()
  }
  await page.goto('/supporter/x')
  await look()
  await acted(site, page, look)
  house.clock.set('2027-01-05T09:00:00Z')
  await be('Grace')
  await page.goto('/staff/members')
  await look()
  await page.getByRole('link', { name: 'Amina Okafor' }).click()
  await look()
  await page.goto(`/staff/members/offers/${round}`)
  await look()
  return found
}

/** Noor, whom Amina named, comes in by the door of the letters and looks at every page that is theirs. */
async function acted({ letters }: typeof first, page: Page, look: () => Promise<void>): Promise<void> {
  const found = async (part: RegExp) =>
    part.exec((await letters()).flatMap(one => (one.to === 'noor@friends.example' ? [one.text] : [])).join('\n'))
  await page.goto((await found(/\/supporter\/[\w-]+\.[\w-]{32}/))?.[0] ?? '')
  await look()
  await page.getByRole('button', { name: 'I agree' }).click()
  await look()
  await page.getByRole('button', { name: 'Email me a code to sign in' }).click()
  await look()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Enter the code from the email').first().waitFor()
  await look()
  await page.getByLabel('Code').fill((await found(/code is (\w{6})/))?.[1] ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('You act for someone else').waitFor()
  for (const own of ['', '/membership', '/membership/leaving', '/adjustments', '/preferences', '/offer']) {
    await page.goto(`/me${own}`)
    await look()
  }
}

test('someone takes their place and leaves again on a phone without scripts', async () => {
  const { page } = await browse(first.app)
  assert.deepEqual(await seated(first, await page({ scripts: false, width: 320 }), false), [])
})

test('every page of offers and membership passes axe', async () => {
  const { page } = await browse(second.app)
  assert.deepEqual(await seated(second, await page(), true), [])
})
