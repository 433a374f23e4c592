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
  await page.getByRole('link', { name: 'Set up the review of' }).first().click()
  for (const box of await page.getByRole('checkbox').all()) await box.uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Select at least one reviewer').first().waitFor()
  await look()
  await page.getByLabel('Priya Nair').check()
  await page.getByLabel('Sean Doyle').check()
  await page.getByRole('button', { name: 'Save' }).click()
  await look()
  const board = page.url()
  await page.getByRole('button', { name: 'Give out the samples' }).click()
  for (const name of ['Priya', 'Sean']) {
    await be(name)
    await page.goto(`${board}/reading`)
    await look()
    await page.getByRole('button', { name: 'Save, and go on' }).click()
    await page.getByRole('button', { name: 'Score the samples' }).click()
    await look()
    for (let at = 1; at <= 5; at++)
      await page
        .getByRole('group', { name: `Your score for sample ${at}` })
        .getByLabel('Suitable', { exact: true })
        .check()
    await page.getByRole('button', { name: 'Save' }).click()
  }
  await be('Grace')
  await page.goto(board)
  await look()
  await page.getByRole('button', { name: 'Open the queue' }).click()
  await be('Priya')
  await page.goto(`${board}/reading`)
  await look()
  await page.getByRole('button', { name: 'Read the next answer' }).click()
  await page.getByRole('button', { name: 'Save, and read the next' }).click()
  await page.getByText('Select a score, or choose not to score').first().waitFor()
  await look()
  for (let at = 0; at < 40 && !page.url().endsWith('/reading'); at++) {
    if (at === 1) await look()
    await page.getByLabel('Suitable', { exact: true }).check()
    await page.getByRole('button', { name: 'Save, and read the next' }).click()
  }
  await page.getByText('You have read everything').waitFor()
  await be('Sean')
  await page.goto(`${board}/reading`)
  await page.getByText('Read an application at a time').click()
  await page.getByRole('link', { name: 'Application 1', exact: true }).click()
  await look()
  await be('Grace')
  await page.goto(`${board}/results?kind=mean&least=2`)
  await look()
  await page.getByRole('link', { name: 'Decide about those who meet it' }).click()
  await look()
  await page.getByLabel('Eligible for the pool', { exact: true }).check()
  await page.getByLabel('Readers found the answers suitable').check()
  await page.getByRole('button', { name: 'Ask a second person to confirm' }).click()
  await page.getByText('Another officer or the data protection officer confirms it').waitFor()
  await look()
  const decision = page.url()
  await be('Dorothy')
  await page.goto(decision)
  await look()
  await page.getByRole('button', { name: 'Confirm for' }).click()
  await page.getByText(/Confirmed by Dorothy Blake/).waitFor()
  await be('Grace')
  await page.goto(`${board}/decisions`)
  await look()
  await page.getByRole('link', { name: 'How it came about' }).first().click()
  await look()
  await page.goto(`${board}/flags`)
  await look()
  return found
}

test('a reader reads on a phone without scripts, one answer at a time', async () => {
  assert.deepEqual(await reviewed(await phone({ scripts: false, width: 320 }), false), [])
})

test('every page of the review passes axe', async () => {
  assert.deepEqual(await reviewed(await desk(), true), [])
})
