import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axe, browse, overflow } from '#test/browser.ts'
import { testSite } from '#test/site.ts'

// A passkey and a warning need a browser: the rest of the accounts is proved without one.
const site = await testSite()
const { house } = site
const { page: open, base } = await browse(site.app)
house.config.baseUrl = base.replace('127.0.0.1', 'localhost')

async function linkTo(email: string, path: RegExp): Promise<string> {
  const letters = (await site.letters()).filter(one => one.to === email && path.test(one.text))
  return new URL(path.exec(letters.at(-1)?.text ?? '')?.[0] ?? '', house.config.baseUrl).href
}

test('someone invited makes a passkey in their browser, and signs in with it the next time', async () => {
  const alex = await site.staff('Alex')
  await alex.send('/staff/settings/people', { name: 'Pia Lund', email: 'pia@panel.example', roles: 'reviewer' })
  const page = await open({ width: 320 })
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const phone = { protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified: true } as const
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { ...phone, hasResidentKey: true } })
  await page.goto(await linkTo('pia@panel.example', /\/welcome\/\S+/))
  await page.getByRole('button', { name: 'Open my account' }).click()
  await page.getByRole('heading', { name: 'Set up your second step' }).waitFor()
  assert.deepEqual(await axe(page), [])
  assert.ok((await overflow(page)) <= 0)
  await page.getByRole('button', { name: 'Use a passkey on this device instead' }).click()
  await page.getByRole('heading', { name: 'Today' }).waitFor()
  await page.goto(`${house.config.baseUrl}/sign-out`)
  await page.getByRole('button', { name: 'Sign out' }).click()

  await page.goto(`${house.config.baseUrl}/sign-in?next=/staff`)
  await page.getByLabel('Email address').fill('pia@panel.example')
  await page.getByRole('button', { name: 'Send me a code' }).click()
  await page.getByRole('heading', { name: 'Check your email' }).waitFor()
  await page.goto(await linkTo('pia@panel.example', /\/sign-in\/link\/\S+/))
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Use your passkey' }).waitFor()
  assert.deepEqual(await axe(page), [])
  await page.getByRole('button', { name: 'Use your passkey' }).click()
  await page.getByRole('heading', { name: 'Today' }).waitFor()
})

test('two minutes before the end staff are warned, stay signed in with one press, and lose nothing typed', async () => {
  const page = await open()
  await page.clock.install()
  await page.goto(`${house.config.baseUrl}/demo`)
  await page.getByRole('button', { name: /^Alex Kim/ }).click()
  await page.goto(`${house.config.baseUrl}/staff/settings/people`)
  await page.getByLabel('Full name').fill('Half a na')
  const warning = page.getByText('You will be signed out in two minutes.')
  await page.clock.fastForward(17 * 60_000)
  assert.equal(await warning.isVisible(), false)
  await page.clock.fastForward(61_000)
  await warning.waitFor()
  await page.getByRole('button', { name: 'Stay signed in' }).click()
  await warning.waitFor({ state: 'hidden' })
  assert.equal(await page.getByLabel('Full name').inputValue(), 'Half a na')
  await page.clock.fastForward(18 * 60_000 + 1000)
  await warning.waitFor()
})
