import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, browse, overflow } from '#test/browser.ts'
import { testSite } from '#test/site.ts'

const site = await testSite({ seated: 20 })
const { page: open } = await browse(site.app)

/** Someone of the demo, in a browser. */
async function as(who: string, width = 320): Promise<Page> {
  const page = await open({ width })
  await page.goto('/demo')
  await page.getByRole('button', { name: who }).click()
  return page
}

test('[N-70] on a phone, from a request to the copy: axe finds nothing, and nothing is wider than the window', async () => {
  const faults: string[] = []
  const sound = async (page: Page) => {
    faults.push(...(await axe(page)))
    if ((await overflow(page)) > 0) faults.push(`${page.url()} is too wide`)
  }
  const gwen = await as('Gwen Pritchard')
  for (const path of ['/me/data/correction/landlord', '/me/data/dates', '/data-copy']) {
    await gwen.goto(path)
    await sound(gwen)
  }
  await gwen.goto('/me/data')
  await gwen.getByLabel('See what we hold about you').check()
  await gwen.getByRole('button', { name: 'Send my request' }).click()
  await gwen.getByRole('link', { name: 'See how it stands' }).click()
  await sound(gwen)
  await gwen.getByRole('link', { name: /^See what we hold about you \(DP-/ }).click()
  await sound(gwen)

  const dorothy = await as('Dorothy Blake')
  await dorothy.goto('/staff/protection/cases')
  await dorothy.getByRole('link', { name: /DP-/ }).first().click()
  await dorothy.getByLabel('All of it').check()
  await dorothy.getByLabel('Reasons').fill('The law gives it.')
  await dorothy.getByRole('button', { name: 'Record the decision' }).click()
  await dorothy.getByRole('link', { name: /^Search everywhere/ }).click()
  await sound(dorothy)
  await dorothy.getByRole('button', { name: 'Search everywhere' }).click()
  await dorothy.getByText('What was searched, and what was found').click()
  await sound(dorothy)
  await dorothy.getByRole('button', { name: 'Leave it out' }).click()
  await sound(dorothy)
  await dorothy.getByLabel('I have looked through all of it').check()
  await dorothy.getByRole('button', { name: 'Make it ready' }).click()
  const code = (await dorothy.locator('.panel-code').textContent()) ?? ''
  await sound(dorothy)

  await gwen.reload()
  await gwen.getByRole('link', { name: 'Take your copy' }).click()
  await gwen.getByLabel('Code').fill('no')
  await gwen.getByRole('button', { name: 'Take my copy' }).click()
  await gwen.getByText('Enter the six digits that you were told').first().waitFor()
  await sound(gwen)
  await gwen.getByLabel('Code').fill(code)
  const [download] = await Promise.all([
    gwen.waitForEvent('download'),
    gwen.getByRole('button', { name: 'Take my copy' }).click(),
  ])
  assert.equal(download.suggestedFilename(), 'copy.zip')
  assert.deepEqual(faults, [])
})
