import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, browse, overflow } from '#test/browser.ts'
import { testSite } from '#test/site.ts'

const site = await testSite({ closed: 12 })
const other = await testSite({ closed: 12 })
const { page: phone } = await browse(site.app)
const { page: desk } = await browse(other.app)

/** Sets the reading up, reads an answer and looks at the decisions; returns what was found wrong on the way. */
async function reviewed(page: Page, scripts: boolean): Promise<string[]> {
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
  await page.goto('/staff/review')
  await look()
  await page.getByRole('link', { name: 'Set up and follow the reading' }).click()
  await page.getByRole('button', { name: 'Save the set-up' }).click()
  await page.getByText('Select at least one reader').first().waitFor()
  await look()
  await page.getByLabel('Priya Nair').check()
  await page.getByLabel('Sean Doyle').check()
  await page.getByLabel('Read by').fill('2026-12-20')
  await page.getByRole('button', { name: 'Save the set-up' }).click()
  await look()
  const board = page.url()
  for (const name of ['Priya', 'Sean']) {
    await be(name)
    await page.goto('/staff/review')
    await page.getByRole('link', { name: 'say what you should not read' }).click()
    await look()
    await page.getByRole('button', { name: 'That is all' }).click()
  }
  await be('Grace')
  await page.goto(board)
  await page.getByRole('button', { name: 'Begin the reading' }).click()
  await look()
  await be('Priya')
  await page.goto('/staff/review')
  await page.getByRole('button', { name: 'Read the next answer' }).click()
  await look()
  await page.getByRole('button', { name: 'Save and go on' }).click()
  await page.getByText('Select a score, or that you abstain').first().waitFor()
  await look()
  await page.getByLabel('Suitable', { exact: true }).check()
  await page.getByRole('button', { name: 'Save and go on' }).click()
  await page.getByRole('link', { name: 'See the whole application' }).click()
  await look()
  await be('Grace')
  await page.goto(`${board}/decisions`)
  await look()
  return found
}

test('a reader reads on a phone without scripts, one answer at a time', async () => {
  assert.deepEqual(await reviewed(await phone({ scripts: false, width: 320 }), false), [])
})

test('every page of the review passes axe', async () => {
  assert.deepEqual(await reviewed(await desk(), true), [])
})
