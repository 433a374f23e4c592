import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Shown, testSite } from './site.ts'

// Whoever someone is, every link that a page shows them leads to a page that they may see, and to a place that is on it;
// and no page shows what only a program would say.
const staff = ['Grace', 'Omar', 'Priya', 'Tom', 'Ruth', 'Dorothy', 'Alex']
const residents = ['Gwen', 'Amina', 'Barry']
/** Pages that differ by an id alone are looked at this many times. */
const often = 3

for (const name of [...staff, ...residents])
  test(`every link that ${name} is shown leads somewhere`, async () => {
    const site = await testSite({ closed: 6, seated: 6 })
    const { get } = await site.staff(name)
    assert.deepEqual(await (staff.includes(name) ? deadLinks(get, '/staff', '/staff') : deadLinks(get, '/me')), [])
  })

test('every link that a supporter who acts for a member is shown leads somewhere', async () => {
  const site = await testSite({ seated: 6 })
  const gwen = await site.staff('Gwen')
  const until = { 'endsOn-day': '1', 'endsOn-month': '3', 'endsOn-year': '2027' }
  const noor = { name: 'Noor Haq', email: 'noor@friends.example', scope: 'acts', authority: 'say-so', ...until }
  await gwen.send('/me/supporter', noor)
  const written = async () => (await site.letters()).filter(one => one.to === noor.email).map(one => one.text)
  const door = /\/supporter\/[\w-]+\.[\w-]{32}/.exec((await written()).join('\n'))?.[0] ?? ''
  const browser = site.visitor()
  await browser.send(door)
  await browser.send(`${door}/code`, {}, door)
  const code = /code is (\w{6})/.exec((await written()).join('\n'))?.[1] ?? ''
  await browser.send(`${door}/sign-in`, { code }, door)
  assert.deepEqual(await deadLinks(browser.get, '/me', '/me'), [])
})

test('every link that a visitor is shown leads somewhere', async () => {
  assert.deepEqual(await deadLinks((await testSite()).visitor().get, '/'), [])
})

const slips = />[^<]*(\bundefined\b|\bNaN\b|\[object |Invalid Date|\{\{)[^<]*</

/** Pages for the public speak to residents and visitors: staff and supporters are followed through their own alone. */
async function deadLinks(get: (url: string) => Promise<Shown>, start: string, inside = '/'): Promise<string[]> {
  const dead: string[] = []
  const pages = new Map<string, Shown>()
  const looked = new Map<string, number>()
  const waiting = [{ url: start, from: '' }]
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [url = '', fragment] = next.url.split('#')
    if (!pages.has(url)) {
      const kind = url.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|RP-\w+-\w+|\d+/g, '*')
      const times = looked.get(kind) ?? 0
      if (times >= often) continue
      looked.set(kind, times + 1)
      const page = await get(url)
      pages.set(url, page)
      if (page.status >= 400) dead.push(`${next.from} → ${url}: ${page.status}`)
      const slip = page.status === 200 && slips.exec(page.text.replace(/<pre[\s\S]*?<\/pre>/g, ''))
      if (slip) dead.push(`${url} says ${slip[1]}`)
      if (page.status === 200 && url.startsWith(inside))
        waiting.push(...linksIn(page.text, url).map(link => ({ url: link, from: url })))
      if (page.location) waiting.push({ url: new URL(page.location, `http://here${url}`).pathname, from: url })
    }
    const page = pages.get(url)
    if (fragment && page?.status === 200 && !page.text.includes(`id="${fragment}"`))
      dead.push(`${next.from} → ${next.url}: nothing of that name there`)
  }
  return dead
}

function linksIn(html: string, at: string): string[] {
  const hrefs = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'))
  return [...new Set(hrefs)]
    .map(href => new URL(href, `http://here${at}`))
    .filter(link => link.host === 'here' && !/^\/(sign-out|demo|assets)/.test(link.pathname))
    .map(link => link.pathname + link.search + link.hash)
}
