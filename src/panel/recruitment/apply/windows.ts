import { randomBytes } from 'node:crypto'
import type { Desk, Form, Page } from './page.ts'

/** Names the window that shows a page, and the one that had saved it last by then: hidden fields of every question. */
export function windowFields({ application }: Desk, page: Page): { window: string; seen: string } {
  return { window: randomBytes(6).toString('base64url'), seen: application.windows[page.path] ?? '' }
}

/** The window that a form was sent from; empty when it does not say. */
export function windowOf(sent: Form): string {
  return typeof sent.window === 'string' && /^[\w-]{8}$/.test(sent.window) ? sent.window : ''
}

/**
 * Whether another window has saved something else on this page since it was shown here. Pressing twice, going back, and
 * sending the same again ask nothing.
 */
export async function isNewer(desk: Desk, page: Page, sent: Form): Promise<boolean> {
  const last = desk.application.windows[page.path]
  const own = windowOf(sent)
  if (!last || !own || own === last || sent.seen === last) return false
  const held = await page.recall(desk)
  return Object.entries(held).some(([field, value]) => field !== 'id' && plain(value) !== plain(sent[field]))
}

function plain(value: unknown): string {
  return JSON.stringify(
    [value ?? '']
      .flat()
      .map(one => String(one).replace(/\s+/g, ' ').trim())
      .filter(Boolean),
  )
}
