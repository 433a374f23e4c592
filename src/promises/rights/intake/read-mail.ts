import { MailParser } from 'mailparser'
import { z } from 'zod'
import { clean } from '#src/platform/web/form.ts'

/** What is taken of a received e-mail: words, and the names of what hung on it, never what is in it. */
export interface ReceivedMail {
  from: { name: string; address: string }
  to: string[]
  subject: string
  /** The Message-ID header (RFC 5322), as it stands. */
  messageId: string
  /** The Date header, where there is one that is a date. */
  date: Date | undefined
  text: string
  attachments: { name: string; type: string; bytes: number }[]
  /** It was sent by a machine, which is not answered. */
  isAutomatic: boolean
  /** It is not whole: too long, too deep, or not mail. */
  isBroken: boolean
}

export const mostBytes = 25 * 1024 * 1024
const mostText = 20_000
const mostNamed = 50

const people = z.object({ value: z.array(z.object({ name: z.string(), address: z.string().optional() })) })

/**
 * Reads a received e-mail (RFC 5322). What hangs on it is counted as it streams past and thrown away: never decoded into
 * anything, opened or kept. It never throws on what someone else wrote.
 */
export async function readMail(raw: Buffer): Promise<ReceivedMail> {
  const mail: ReceivedMail = {
    from: { name: '', address: '' },
    to: [],
    subject: '',
    messageId: '',
    date: undefined,
    text: '',
    attachments: [],
    isAutomatic: false,
    isBroken: false,
  }
  await new Promise<void>(resolve => {
    const parser = new MailParser({ skipTextToHtml: true, skipImageLinks: true, maxHtmlLengthToParse: 200_000 })
    parser.on('headers', (headers: ReadonlyMap<string, unknown>) => readHeaders(headers, mail))
    parser.on('data', (part: unknown) => readPart(part, mail))
    parser.on('error', () => {
      mail.isBroken = true
      resolve()
    })
    parser.on('end', () => resolve())
    parser.end(raw)
  })
  return mail
}

function readHeaders(headers: ReadonlyMap<string, unknown>, mail: ReceivedMail): void {
  const [from] = addressesIn(headers.get('from'))
  if (from) mail.from = from
  mail.to = ['to', 'cc', 'delivered-to'].flatMap(name => addressesIn(headers.get(name)).map(one => one.address))
  mail.subject = oneLine(headers.get('subject'), 300)
  mail.messageId = oneLine(headers.get('message-id'), 998)
  const date = headers.get('date')
  if (date instanceof Date && !Number.isNaN(date.getTime())) mail.date = date
  const automatic = String(headers.get('auto-submitted') ?? 'no').toLowerCase()
  const precedence = String(headers.get('precedence') ?? '').toLowerCase()
  mail.isAutomatic = automatic !== 'no' || ['bulk', 'junk', 'list'].includes(precedence) || headers.has('list')
}

const attached = z.object({
  type: z.literal('attachment'),
  filename: z.string().optional(),
  contentType: z.string().optional(),
  content: z.custom<AsyncIterable<Uint8Array> & { on(event: string, act: (part: Uint8Array) => void): void }>(
    value => typeof value === 'object' && value !== null && 'on' in value,
  ),
  release: z.custom<() => void>(value => typeof value === 'function'),
})
const worded = z.object({ type: z.literal('text'), text: z.string().optional() })

function readPart(part: unknown, mail: ReceivedMail): void {
  const words = worded.safeParse(part)
  if (words.success) {
    mail.text = clean(words.data.text ?? '').slice(0, mostText)
    return
  }
  const file = attached.safeParse(part)
  if (!file.success) return
  const { filename, contentType, content, release } = file.data
  const named = { name: oneLine(filename, 200) || 'without a name', type: oneLine(contentType, 100), bytes: 0 }
  if (mail.attachments.length < mostNamed) mail.attachments.push(named)
  content.on('data', bytes => {
    named.bytes += bytes.length
  })
  content.on('end', () => release())
}

function addressesIn(header: unknown): { name: string; address: string }[] {
  const all = (Array.isArray(header) ? header : [header]).map(one => people.safeParse(one))
  return all
    .flatMap(one => (one.success ? one.data.value : []))
    .flatMap(({ name, address }) =>
      address ? [{ name: oneLine(name, 200), address: oneLine(address, 254).replace(/\s/g, '') }] : [],
    )
}

function oneLine(text: unknown, most: number): string {
  return typeof text === 'string' ? clean(text).replace(/\s+/g, ' ').slice(0, most) : ''
}
