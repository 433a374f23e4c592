import type { testSite } from './site.ts'

type Site = Awaited<ReturnType<typeof testSite>>
export type Desk = Awaited<ReturnType<Site['staff']>>

/** Presses “Start a practice”, and becomes its first officer. */
export async function practise(desk: Desk): Promise<void> {
  await desk.send('/staff/practice')
  await be(desk, 'Kit Arden')
}

/** Becomes an invented colleague of one's practice. */
export async function be(desk: Desk, name: string): Promise<void> {
  const { text } = await desk.get('/staff/practice')
  const who = new RegExp(`name="who" value="([^"]+)">\\s*<button[^>]*>\\s*${name}`).exec(text)?.[1]
  if (!who) throw new Error(`Nobody in this practice is called ${name}.`)
  await desk.send('/staff/practice/colleague', { who }, '/staff/practice')
}

/** The text of a page, as it is read. */
export function read(html: string): string {
  const body = html.slice(html.indexOf('<body'))
  return body.replace(/<script[\s\S]*?<\/script>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')
}
