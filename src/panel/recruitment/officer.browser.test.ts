import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { applicant, sent } from '#test/applicants.ts'
import { bringChromium } from '#test/chromium.ts'
import { openDesk } from '#test/desk.ts'
import { testHouse } from '#test/house.ts'
import { grace, noticeNow, policyInForce } from '#test/settled.ts'
import { officerRoutes } from './officer.ts'

const house = await testHouse()
const desk = await openDesk(house, [officerRoutes])
desk.as(grace)
await noticeNow(house)
await policyInForce(house)
const address = await desk.app.listen({ port: 0 })
const browser: Browser = await chromium.launch({ executablePath: bringChromium(), args: ['--no-sandbox'] })
after(() => browser.close())
const shots = join(import.meta.dirname, '../../../.cache/screenshots')
mkdirSync(shots, { recursive: true })

/** The officer's own browser: no scripts, so that whatever works here works for everyone. */
const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1100, height: 900 } })
const page = await context.newPage()

async function fill(fields: Record<string, string>): Promise<void> {
  for (const [label, text] of Object.entries(fields)) await page.locator(`[name="${label}"]`).fill(text)
}

test('an officer plans and publishes a round without scripts', async () => {
  await page.goto(`${address}/staff/rounds/new`)
  await fill({
    name: 'Resident Panel 2027',
    'opensOn-day': '4',
    'opensOn-month': '1',
    'opensOn-year': '2027',
    'closesOn-day': '29',
    'closesOn-month': '1',
    'closesOn-year': '2027',
    'termStartsOn-day': '1',
    'termStartsOn-month': '4',
    'termStartsOn-year': '2027',
    targetSize: '100',
    reserveSize: '20',
    startWords: 'The panel tells us how our work feels to the people it is for.',
    question1: 'What would you bring to the panel?',
    hint1: 'For example, work, volunteering or looking after others',
  })
  await page.getByRole('button', { name: 'Save the draft' }).click()
  await page.getByRole('button', { name: 'Publish this round' }).click()
  await page.getByText('Published, not open yet').waitFor()
})

test('an officer finds, reads and enters applications without scripts', async () => {
  house.clock.set('2027-01-11T09:00:00Z')
  const round = page.url().split('/').at(-1) ?? ''
  const many = Array.from({ length: 40 }, (_, at) => applicant({ name: `Person ${at}`, email: `p${at}@example.com` }))
  const flagged = applicant(
    { name: 'Amina Yusuf', email: 'amina@example.com', tenancy: 'council-tenant', ageRange: '35-44', gender: 'woman' },
    { landlordUnlisted: true, markedSpecial: true },
  )
  await sent(house, round, [flagged, applicant({ name: 'Amina  Yusuf', phone: '0113 496 0123' }), ...many])
  await page.goto(`${address}/staff/applications`)
  await page.getByLabel('Name, council or reference').fill('yusuf')
  await page.getByRole('button', { name: 'Show' }).click()
  await page.getByText('Showing 1 to 2 of 2').waitFor()
  await page.getByRole('link', { name: 'Enter one from phone or post' }).click()
  await page.getByRole('radio', { name: 'By phone', exact: true }).check()
  await page.getByLabel('We read it out by phone').check()
  await page.getByLabel('Full name').fill('Winifred Oyelaran')
  await page.getByLabel('Phone', { exact: true }).check()
  await page.getByLabel('Phone number').fill('0113 496 0199')
  await page.getByLabel('Landlord').fill('Alder Homes')
  await page.getByLabel('How they rent or own their home').selectOption('council-tenant')
  await page.getByLabel('Council area').selectOption({ label: 'Leeds' })
  await page.getByRole('button', { name: 'Save and send the application' }).click()
  await page.getByText('The application is entered').waitFor()
})

test('an officer imports a file without scripts', async () => {
  await page.goto(`${address}/staff/applications/import`)
  const buffer = Buffer.from('Name,Age,Council\nCara Doyle,35-44,Leeds\nDev Patel,nineteen,York\n')
  await page.getByLabel('CSV file').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer })
  await page.getByRole('button', { name: 'Upload' }).click()
  await page.getByRole('button', { name: 'Check the rows' }).click()
  await page.screenshot({ path: join(shots, 'import-check.png'), fullPage: true })
  await page.getByRole('button', { name: 'Import 1 good rows, leave out 1' }).click()
  await page.getByText('1 application is imported.').waitFor()
})

test('every page of the officer passes axe, fits 320 pixels, and reads on a desk', async () => {
  const open = await browser.newContext({ viewport: { width: 1100, height: 900 } })
  const seen = await open.newPage()
  const round = (await desk.get('/staff/rounds')).text.match(/\/staff\/rounds\/([0-9a-f-]{36})/)?.[1]
  const flagged = (await desk.get('/staff/applications?flag=special')).text
  const one = /\/staff\/applications\/([0-9a-f-]{36})/.exec(flagged)?.[1]
  await desk.post('/staff/applications/exports', { purpose: 'administer the panel', contact: 'no' })
  const paths = {
    rounds: '/staff/rounds',
    'round-new': '/staff/rounds/new',
    round: `/staff/rounds/${round}`,
    'round-preview': `/staff/rounds/${round}/preview`,
    'round-extend': `/staff/rounds/${round}/closing-date`,
    'round-close': `/staff/rounds/${round}/early-close`,
    landlords: '/staff/rounds/landlords',
    applications: '/staff/applications',
    application: `/staff/applications/${one}`,
    withdrawal: `/staff/applications/${one}/withdrawal`,
    duplicates: '/staff/applications/duplicates',
    entry: '/staff/applications/new',
    import: '/staff/applications/import',
    exports: '/staff/applications/exports',
  }
  for (const [name, path] of Object.entries(paths)) {
    await seen.setViewportSize({ width: 1100, height: 900 })
    await seen.goto(`${address}${path}`)
    await seen.screenshot({ path: join(shots, `officer-${name}.png`), fullPage: true })
    assert.deepEqual(await faults(seen), [], path)
    await seen.setViewportSize({ width: 320, height: 640 })
    const wide = Number(await seen.evaluate('document.documentElement.scrollWidth'))
    assert.ok(wide <= 320, `${path} is ${wide} pixels wide on a small phone`)
    if (name === 'applications' || name === 'application')
      await seen.screenshot({ path: join(shots, `officer-${name}-phone.png`), fullPage: true })
  }
})

async function faults(seen: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const { violations } = await new AxeBuilder({ page: seen }).withTags(tags).analyze()
  return violations.map(one => `${one.id}: ${one.nodes.map(node => node.target.join(' ')).join(', ')}`)
}
