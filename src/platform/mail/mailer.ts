import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import nodemailer from 'nodemailer'

/** One letter to one person: there is no way to write two addresses. */
export interface Letter {
  /** The same id for the same letter, however often a crash makes it go out. */
  id: string
  to: { name: string; address: string }
  subject: string
  text: string
  html: string
}

export interface Mailer {
  /** Sends a letter; throws a MailError, which never holds an address. */
  send(letter: Letter): Promise<void>
  /** Whether the mail server answers now. */
  answers(): Promise<boolean>
  /** Has letters deleted where they were handed to, by their ids; resolves to a receipt. Absent where nobody can be asked. */
  forget?(ids: readonly string[]): Promise<string>
  close(): void
}

export type MailFault =
  | 'server unreachable'
  | 'server refused us'
  | 'address refused'
  | 'try again later'
  | 'letter cannot be made'

/** Why a letter did not go: a code, since the library's own message quotes the address. */
export class MailError extends Error {
  readonly code: MailFault
  constructor(code: MailFault) {
    super(code)
    this.code = code
  }
}

/** Sends through the mail server at `url`. */
export function smtpMailer(url: string, from: string): Mailer {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    maxConnections: 4,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async letter => {
      try {
        await transport.sendMail(compose(letter, from))
      } catch (error) {
        throw new MailError(faultOf(error))
      }
    },
    answers: () =>
      transport.verify().then(
        () => true,
        () => false,
      ),
    close: () => transport.close(),
  }
}

/** Keeps letters as files that staff can read: the demo's mail server. */
export function outboxMailer(dir: string, from: string): Mailer {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const transport = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
  return {
    send: async letter => {
      const made = await transport.sendMail(compose(letter, from))
      const path = join(dir, `${letter.id}.eml`)
      writeFileSync(`${path}.part`, made.message as Buffer, { mode: 0o600 }) // `buffer: true` makes it one
      renameSync(`${path}.part`, path)
    },
    answers: async () => true,
    forget: async ids => {
      for (const id of ids) rmSync(join(dir, `${id}.eml`), { force: true })
      return `outbox-${ids.length}`
    },
    close: () => {},
  }
}

/** The letters in an outbox folder, as they would have gone out. */
export function readOutbox(dir: string): { id: string; raw: Buffer }[] {
  try {
    return readdirSync(dir)
      .filter(name => name.endsWith('.eml'))
      .map(name => ({ id: name.slice(0, -4), raw: readFileSync(join(dir, name)) }))
  } catch {
    return []
  }
}

function compose(letter: Letter, from: string) {
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost'
  return {
    from,
    to: letter.to,
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    messageId: `<${letter.id}@${domain}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

function faultOf(error: unknown): MailFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const answer = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0
  if (code === 'EAUTH') return 'server refused us'
  if (answer >= 500 && code === 'EENVELOPE') return 'address refused'
  if (answer >= 500) return 'server refused us'
  if (answer >= 400) return 'try again later'
  if (/^(ECONNECTION|ESOCKET|ETIMEDOUT|EDNS|ECONNREFUSED|ECONNRESET|ETLS)$/.test(code)) return 'server unreachable'
  return code === 'EENVELOPE' ? 'address refused' : 'letter cannot be made'
}
