import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import type { FastifyInstance } from 'fastify'
import { type Browser, chromium, type Page } from 'playwright-core'
import { bringChromium } from './chromium.ts'

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** A browser at a site that really listens; pages with or without scripts, as wide as a phone or a desk. */
export async function browse(app: FastifyInstance) {
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const browser: Browser = await chromium.launch({ executablePath: bringChromium(), args })
  after(() => browser.close())
  return {
    base: `http://127.0.0.1:${port}`,
    page: async ({ scripts = true, width = 1100 } = {}): Promise<Page> => {
      const context = await browser.newContext({
        baseURL: `http://127.0.0.1:${port}`,
        javaScriptEnabled: scripts,
        viewport: { width, height: 900 },
      })
      return context.newPage()
    },
  }
}

/** What axe finds on a page, a line each; empty when nothing is wrong. */
export async function axe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze()
  return violations.flatMap(one =>
    one.nodes.map(node => `${new URL(page.url()).pathname} ${one.id}: ${node.html.slice(0, 160)}`),
  )
}

/** By how much a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')
}

/** Keeps a picture of a page for the docs. */
export async function picture(page: Page, name: string): Promise<void> {
  const dir = join(import.meta.dirname, '..', 'docs', 'screenshots')
  mkdirSync(dir, { recursive: true })
  await page.screenshot({ path: join(dir, `${name}.png`) })
}
