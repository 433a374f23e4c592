import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, browse, overflow } from '#test/browser.ts'
import { testSite } from '#test/site.ts'

const site = await testSite()
const { page: open } = await browse(site.app)

/** Walks a practice from a closed round to a panel in office. Returns what was found wrong on its pages. */
async function walk(page: Page, trainee: string, look: () => Promise<string[]>): Promise<string[]> {
  const found: string[] = []
  const press = (name: string | RegExp) => page.getByRole('button', { name }).first().click()
  const see = async (text: string | RegExp) => {
    await page.getByText(text).first().waitFor()
    found.push(...(await look()))
  }
  const be = async (name: string) => {
    await page.goto('/staff/practice')
    await press(name)
    await page.getByText(`You are ${name} (practice)`).waitFor()
  }
  await page.goto('/demo')
  await press(trainee)
  await page.goto('/staff/practice')
  await see('Only you see it')
  await press('Start a practice')
  await see('Who do you want to be?')
  await press('Kit Arden')
  await see('Practice: invented people.')

  await page.getByRole('link', { name: /Set up the review/ }).click()
  await press('Save')
  await press(/samples/)
  await press('Open the queue')
  await be('Ash Moor')
  await see(/Say whose answers|read/i)
  await page.goto('/staff/practice')
  await press('Reviewers score what is left')
  await see(/The reviewers scored \d+ answers/)

  await be('Kit Arden')
  await page.goto('/staff/review')
  await page
    .getByRole('link', { name: /shortlist|Results|[Dd]ecide/ })
    .first()
    .click()
  await page.goto(page.url().replace(/(review\/[-0-9a-f]{36}).*/, '$1/results'))
  await press('See what that does')
  await page.getByRole('link', { name: 'Decide about those who meet it' }).click()
  await page.getByLabel('Eligible for the pool', { exact: true }).check()
  await page.locator('input[name=reason]').first().check()
  await press(/Ask a second person/)
  await be('Robin Vale')
  await page
    .getByRole('link', { name: /[Cc]onfirm/ })
    .first()
    .click()
  await press(/^Confirm for/)

  await be('Kit Arden')
  await page.goto('/staff/selection')
  await page.getByRole('link', { name: /Practice round/ }).click()
  await press('Find the fairest lottery')
  const numbers = page.getByLabel('Public numbers')
  for (let tries = 0; tries < 60 && !(await numbers.count()); tries++) {
    await page.waitForTimeout(250)
    await page.reload()
  }
  await numbers.fill('1 2 3 4 5 6')
  await press('Draw the panel')
  await page.getByLabel('Accept this selection').check()
  await press('Record the decision')
  const run = page.url()
  await be('Robin Vale')
  await page.goto(run)
  await press('Confirm it')
  await page.getByRole('link', { name: 'The public report' }).click()
  await see('Practice: invented people.')

  await be('Kit Arden')
  await page.goto('/staff/members')
  await page.getByRole('link', { name: /Offers for Practice/ }).click()
  await press(/Offer/)
  await press(/Do not wait/)
  await page.goto('/staff/practice')
  await press('Everyone answers their offer')
  await see(/\d+ people answered their offer/)
  await page.goto('/staff/members')
  await see('9 start later')
  await page.goto('/staff/practice')
  await press('Go back to real work')
  await page.goto('/staff/members')
  await page.getByText('Nobody is in office yet').waitFor()
  await page.goto('/staff/practice')
  await press('Delete the practice')
  await see('The practice is deleted: 46 invented records are gone.')
  return found
}

test('an officer walks a practice from a closed round to a panel in office, on a phone without scripts', async () => {
  const page = await open({ scripts: false, width: 320 })
  const look = async () => {
    const over = await overflow(page)
    return over > 0 ? [`${new URL(page.url()).pathname} is ${over} px too wide`] : []
  }
  assert.deepEqual(await walk(page, 'Omar', look), [])
})

test('what a practice adds to pages passes axe, and on paper each sheet says that it is practice', async () => {
  const page = await open()
  await page.goto('/demo')
  await page.getByRole('button', { name: 'Grace' }).click()
  await page.goto('/staff/practice')
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Start a practice' }).click()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Kit Arden' }).click()
  await page.goto('/staff/applications')
  assert.deepEqual(await axe(page), [])
  await page.emulateMedia({ media: 'print' })
  const style = (of: string) =>
    page.evaluate<string>(`(() => { const s = getComputedStyle(document.querySelector('.panel-practice'), ${of});
      return [s.display, s.position, s.content].join(' ') })()`)
  assert.match(await style('null'), /^block static/)
  assert.match(await style("'::after'"), /^block fixed "PRACTICE"/)
})
