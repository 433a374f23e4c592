import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { applicantsOf } from '#src/panel/recruitment/application.ts'
import { rounds } from '#src/panel/recruitment/round.ts'
import { residents } from '#src/people/demo/world.ts'
import { within } from '#src/promises/house.ts'
import { resident, system } from '#src/promises/notice/actor.ts'
import { axe, browse, overflow } from '#test/browser.ts'
import { testSite } from '#test/site.ts'
import { accept, offerPlaces } from './offers/offers.ts'

const first = await testSite({ closed: 6 })
const second = await testSite({ closed: 6 })

/** Staff go through the pages of the office. Returns what was found wrong. */
async function walk(site: typeof first, page: Page, scripts: boolean): Promise<string[]> {
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

  await be('Alex Kim')
  const [priya = ''] = await house.vault.findByEmail('priya@panel.example')
  await page.goto(`/staff/settings/people/${priya}/closure`)
  await look()

  await be('Grace')
  const [amina = ''] = await house.vault.findByEmail(residents[0].email)
  await page.goto(`/staff/members/contacts/${amina}`)
  await page.getByRole('button', { name: 'Note it' }).click()
  await page.getByText('Enter what it was about').first().waitFor()
  await look()
  await page.getByLabel('How', { exact: true }).selectOption('phone')
  await page.getByLabel('What it was about').fill('Asked when she hears from us')
  await page.getByLabel('What happens next').fill('Ring her back')
  await page.getByLabel('By when').fill('2026-12-01')
  await page.getByRole('button', { name: 'Note it' }).click()
  await page.getByText('Next: Ring her back').waitFor()
  await look()

  await page.goto(`/staff/concerns/about/${amina}`)
  await page.getByRole('button', { name: 'Tell the lead' }).click()
  await page.getByText('Enter what you saw or heard').first().waitFor()
  await look()
  await page.getByLabel('What did you see or hear?').fill('Sounded frightened on the phone')
  await page.getByRole('button', { name: 'Tell the lead' }).click()
  await page.getByText('The lead has been told').waitFor()
  await look()
  await page.goto('/staff')
  await page.getByRole('link', { name: 'Someone is worried about a person' }).click()
  await page.getByRole('button', { name: 'Close this worry' }).click()
  await page.getByText('Select what was done').first().waitFor()
  await look()
  await page.getByLabel('We reached the person').check()
  await page.getByRole('button', { name: 'Close this worry' }).click()
  await page.getByText('We reached the person').waitFor()
  await look()
  await page.goto('/staff/settings/lead')
  await look()

  const member = await seat(site)
  await page.goto(`/staff/members/${member}/removal`)
  await page.getByRole('button', { name: 'Propose, and write to the member' }).click()
  await page.getByText('Enter why the member is to be removed').first().waitFor()
  await look()
  await page.getByLabel('Why?').fill('Shared what others said in a meeting')
  await page.getByRole('button', { name: 'Propose, and write to the member' }).click()
  await page.getByText('You proposed this').waitFor()
  await look()
  await page.goto('/staff/members/audiences')
  await look()
  await page.getByLabel('First term').check()
  await page.getByRole('button', { name: 'See who fits' }).click()
  await page.getByRole('button', { name: 'Save it' }).click()
  await page.getByText('Enter a name for the audience').first().waitFor()
  await look()
  await page.getByLabel('Name of the audience').fill('First term')
  await page.getByRole('button', { name: 'Save it' }).click()
  await page.getByRole('heading', { name: 'Take the list' }).waitFor()
  await look()
  house.clock.set('2026-12-20T09:00:00Z')
  await be('Omar')
  await page.goto(`/staff/members/${member}/removal`)
  await look()
  return found
}

/** Someone of the closed round takes their seat. */
async function seat({ house }: typeof first): Promise<string> {
  const by = system('test')
  return within(house, { by, for: 'administer the panel' }, async tx => {
    const round = (await rounds(tx)).find(one => one.name.includes('just closed'))
    const [id = ''] = round ? await applicantsOf(tx, round.id) : []
    if (round) await offerPlaces(tx, house, by, round, [id])
    await accept(tx, house, resident(id), id)
    return id
  })
}

test('the pages of the office work on a phone without scripts', async () => {
  const { page } = await browse(first.app)
  assert.deepEqual(await walk(first, await page({ scripts: false, width: 320 }), false), [])
})

test('every page of the office passes axe', async () => {
  const { page } = await browse(second.app)
  assert.deepEqual(await walk(second, await page(), true), [])
})
