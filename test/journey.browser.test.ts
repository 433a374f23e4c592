import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, browse, overflow, picture } from './browser.ts'
import { testSite } from './site.ts'

const site = await testSite()
const { page: open } = await browse(site.app)
const findings: string[] = []

/** Every page that is shown is checked: axe where scripts run, and no page is wider than its window. */
async function look(page: Page, scripts: boolean): Promise<void> {
  const over = await overflow(page).catch(() => 0)
  if (over > 0) findings.push(`${new URL(page.url()).pathname} is ${over} px too wide`)
  if (scripts) findings.push(...(await axe(page)))
}

/** The whole application, as a person does it: by labels and buttons. */
async function apply(page: Page, scripts: boolean, email: string): Promise<string> {
  const seen = () => look(page, scripts)
  const next = async (name = 'Save and continue') => {
    await page.getByRole('button', { name, exact: true }).click()
    await seen()
  }
  await page.goto('/')
  await seen()
  await page.getByRole('button', { name: 'Apply to join the panel' }).click()
  await seen()
  await page.getByRole('button', { name: 'Apply now' }).click()
  await next('Continue') // nothing chosen: the error page
  await page.getByRole('heading', { name: 'There is a problem' }).waitFor()
  await page.getByLabel('Yes').check()
  await next('Continue')
  await page.getByLabel('Yes').check()
  await next('Continue')
  await page.getByLabel('None').check()
  await next('Continue')
  await page.getByLabel('What is your name?').fill('Nadia Brook')
  await next()
  await next() // empty contact: the error page
  assert.match(await page.title(), /^Error: /)
  await page.getByLabel('Email', { exact: true }).check()
  await page.getByLabel('Email address').fill(email)
  await next()
  await page.getByLabel('Name of your landlord').fill('wood')
  await page.getByLabel('I rent from a housing association').check()
  await next()
  await page.getByLabel('Harrow Wood Housing Association').check()
  await next()
  if (scripts) {
    await page.getByRole('combobox').fill('Manch')
    await page.getByRole('option', { name: 'Manchester' }).click()
  } else await page.getByLabel('Which council area do you live in?').selectOption('Manchester')
  await next()
  await page.getByLabel('35 to 44').check()
  await next()
  await page.getByLabel('Woman').check()
  await next()
  await page.getByLabel('What is it like').fill('I am deaf and my landlord only rings.')
  await next()
  await page.getByRole('heading', { name: 'Readers will see what you wrote' }).waitFor()
  await page.getByRole('button', { name: 'Keep it and continue' }).click()
  await seen()
  await page.getByLabel('Captions').check()
  await next()
  assert.match((await page.textContent('main')) ?? '', /Manchester \(North West\)/)
  await next('Send my application')
  await page.getByLabel('Yes, answer').check()
  await next('Continue')
  await page.getByLabel('Asian or Asian British').check()
  await next()
  await page.getByLabel('Bangladeshi').check()
  await next()
  await page.getByRole('heading', { name: 'Application sent' }).waitFor()
  await page.goto('/me')
  await seen()
  await page.goto('/me/data')
  await seen()
  await page.goto('/me')
  await page.getByRole('link', { name: 'Withdraw or delete it' }).click()
  await seen()
  return (await page.textContent('main')) ?? ''
}

test('a resident applies on a phone with scripts switched off', async () => {
  await apply(await open({ scripts: false, width: 320 }), false, 'plain@example.org')
  assert.deepEqual(findings.splice(0), [])
})

test('a resident applies on a phone, and axe finds nothing on any page or error', async () => {
  await apply(await open({ width: 320 }), true, 'phone@example.org')
  assert.deepEqual(findings.splice(0), [])
})

test('the pages that everyone may read are sound, and the first one is in the README', async () => {
  const page = await open()
  for (const path of [
    '/notice',
    '/notice/1',
    '/notice/evidence',
    '/your-rights',
    '/complaints',
    '/accessibility',
    '/cookies',
    '/ring-me',
    '/sign-in',
    '/sign-out',
    '/apply/print',
    '/apply/print?large=1',
    '/apply/not-eligible',
    '/demo',
    '/demo/outbox',
    '/nowhere',
  ]) {
    const answer = await page.goto(path)
    if (answer?.status() !== (path === '/nowhere' ? 404 : 200)) findings.push(`${path}: ${answer?.status()}`)
    await look(page, true)
  }
  await page.goto('/')
  await picture(page, 'home')
  assert.deepEqual(findings.splice(0), [])
})

test('on paper the form is the form alone, across the page, and large print is large in every choice', async () => {
  const page = await open()
  await page.emulateMedia({ media: 'print' })
  await page.goto('/apply/print?large=1')
  for (const hidden of ['header', 'footer', 'nav', '.panel-demo', '.panel-noprint'])
    for (const one of await page.locator(hidden).all()) assert.equal(await one.isVisible(), false, hidden)
  const smallest = await page.evaluate<number>(
    `Math.min(...[...document.querySelectorAll('.panel-paper :is(p, li, h2, h3)')].map(one => parseFloat(getComputedStyle(one).fontSize)))`,
  )
  assert.ok(smallest >= 24, `${smallest} px`)
  const gaps = await page.evaluate<number[]>(
    `[...document.querySelectorAll('.panel-ticks')].map(one => {
      const next = one.parentElement.nextElementSibling
      return next ? next.getBoundingClientRect().top - one.getBoundingClientRect().bottom : 99
    })`,
  )
  assert.ok(Math.min(...gaps) >= 10, `${gaps}`)
})

test('the first question can be answered with the keyboard alone, and an error takes the focus', async () => {
  const page = await open()
  await page.goto('/apply/england')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate<string>('document.activeElement.textContent.trim()'), 'Skip to main content')
  await page.getByRole('button', { name: 'Continue' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'There is a problem' }).waitFor()
  assert.ok(await page.evaluate<boolean>("document.activeElement.classList.contains('govuk-error-summary')"))
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/apply/home')
})

test('a whole application is made and sent with the keyboard alone', async () => {
  const page = await open()
  const at = () =>
    page.evaluate<string[]>(
      `(e => [e.id, e.name ?? '', (e.labels?.[0] ?? e).textContent.trim()])(document.activeElement)`,
    )
  /** Presses Tab until the wanted thing has the focus, as someone does who uses no mouse. */
  const reach = async (wanted: string) => {
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab')
      if ((await at()).includes(wanted)) return
    }
    throw new Error(`Tab never reached “${wanted}” on ${page.url()}`)
  }
  const choose = async (group: string, label: string) => {
    await reach(group)
    await page.keyboard.press('Space')
    for (let i = 0; i < 20 && !(await at()).includes(label); i++) await page.keyboard.press('ArrowDown')
    assert.ok((await at()).includes(label), label)
  }
  const type = async (field: string, text: string) => {
    await reach(field)
    await page.keyboard.type(text)
  }
  const press = async (button: string, path: string) => {
    await reach(button)
    await page.keyboard.press('Enter')
    await page.waitForURL(url => url.pathname === path, { timeout: 10_000 })
  }
  const save = (path: string) => press('Save and continue', path)
  await page.goto('/apply')
  await press('Apply now', '/apply/england')
  await choose('england', 'Yes')
  await press('Continue', '/apply/home')
  await choose('social', 'Yes')
  await press('Continue', '/apply/terms')
  await choose('terms', 'None')
  await press('Continue', '/apply/name')
  await type('name', 'Kay Board')
  await save('/apply/contact')
  await choose('channel', 'Email')
  await type('email', 'keyboard@example.org')
  await save('/apply/landlord')
  await type('landlord', 'Northgate Homes')
  await choose('tenancy', 'I rent from a housing association')
  await save('/apply/area')
  await type('area', 'Leeds')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await save('/apply/age-range')
  await choose('ageRange', '35 to 44')
  await save('/apply/gender')
  await save('/apply/skills')
  await type('answer1', 'I read slowly and well.')
  await save('/apply/adjustments')
  await save('/apply/check')
  await press('Send my application', '/apply/equality')
  await choose('answer', 'No, skip the equality question')
  await press('Continue', '/apply/sent')
  await page.getByRole('heading', { name: 'Application sent' }).waitFor()
})

test('staff see sound pages too: today, rounds, applications, the notice, accounts', async () => {
  const page = await open()
  for (const [who, paths] of Object.entries({
    Grace: [
      '/staff',
      '/staff/rounds',
      '/staff/rounds/new',
      '/staff/rounds/landlords',
      '/staff/applications',
      '/staff/applications/new',
      '/staff/applications/import',
      '/staff/applications/exports',
      '/staff/applications/duplicates',
      '/staff/representation',
      '/staff/settings',
    ],
    Dorothy: [
      '/staff',
      '/staff/protection',
      '/staff/protection/cases',
      '/staff/protection/cases/new',
      '/staff/protection/registers',
      '/staff/protection/registers/processing',
      '/staff/protection/registers/points',
      '/staff/protection/holds',
      '/staff/protection/disclosures',
      '/staff/protection/disclosures/new',
      '/staff/protection/deletion',
      '/staff/protection/evidence',
      '/staff/protection/notice',
      '/staff/protection/notice/load',
      '/staff/protection/policy',
      '/staff/protection/unread',
    ],
    Alex: ['/staff/settings', '/staff/settings/people'],
  })) {
    await page.goto('/demo')
    await page.getByRole('button', { name: who }).click()
    for (const path of paths) {
      const answer = await page.goto(path)
      if (answer?.status() !== 200) findings.push(`${who} ${path}: ${answer?.status()}`)
      await look(page, true)
    }
  }
  await page.goto('/demo')
  await page.getByRole('button', { name: 'Grace' }).click()
  await page.goto('/staff/applications')
  await picture(page, 'applications')
  assert.deepEqual(findings.splice(0), [])
})
