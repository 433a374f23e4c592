import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, browse, overflow, picture } from '#test/browser.ts'
import { testSite } from '#test/site.ts'

const site = await testSite({ closed: 120 })
const { page: open } = await browse(site.app)

/** Draws a panel as an officer does, looking at every page on the way; returns what was found wrong. */
async function drawn(page: Page, scripts: boolean): Promise<string[]> {
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
  await be('Grace')
  await page.goto('/staff/selection')
  await look()
  await page.getByRole('link', { name: /has just closed/ }).click()
  await page.getByLabel('Least for I live in a housing co-operative').fill('25')
  if (scripts) {
    await page.getByLabel('Most for I live in a housing co-operative').fill('25')
    await page
      .getByRole('status')
      .filter({ hasText: /No panel meets all these quotas.*Not saved yet/ })
      .waitFor()
    await look()
  }
  await page.getByRole('button', { name: 'Save and see what it does' }).click()
  await page.getByText('No panel meets all the quotas').waitFor()
  await look()
  await page.getByLabel('Members').fill('lots')
  await page.getByRole('button', { name: 'Save and see what it does' }).click()
  await look()
  assert.match(await page.title(), /^Error: /)
  await page.getByRole('button', { name: 'Propose quotas from it' }).click()
  await page.getByText('They can be met').waitFor()
  if (scripts) await picture(page, 'selection')
  await page.getByRole('button', { name: 'Find the fairest lottery' }).click()
  await look()
  await page.getByRole('button', { name: 'Draw the panel' }).waitFor({ timeout: 30_000 })
  await look()
  await page.getByLabel('Public numbers').fill('National Lottery 28 November 2026: 4 11 23 31 40 52')
  await page.getByRole('button', { name: 'Draw the panel' }).click()
  await page.getByRole('heading', { name: 'Decide' }).waitFor()
  await look()
  await page.getByLabel('Accept this selection').check()
  await page.getByRole('button', { name: 'Record the decision' }).click()
  await page.getByText('It waits for a second person to confirm').waitFor()
  const run = page.url()
  await be('Omar')
  await page.goto(run)
  await look()
  await page.getByRole('button', { name: 'Confirm it' }).click()
  await page.getByRole('link', { name: 'The public report' }).click()
  await page.getByRole('heading', { name: 'Check it yourself' }).waitFor()
  await look()
  return found
}

test('an officer draws a panel on a phone without scripts, and a second one confirms it', async () => {
  assert.deepEqual(await drawn(await open({ scripts: false, width: 320 }), false), [])
})

test('every page of the board passes axe, at the desk', async () => {
  const other = await testSite({ closed: 120 })
  const { page } = await browse(other.app)
  assert.deepEqual(await drawn(await page(), true), [])
})
