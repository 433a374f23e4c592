import { createHmac } from 'node:crypto'
import { addDays } from '#src/platform/calendar/dates.ts'
import { londonDate } from '#src/platform/calendar/london.ts'
import { type House, within } from '../../house.ts'
import type { Actor } from '../../notice/actor.ts'
import { contact } from '../../notice/contact.ts'
import { openCase, type WriteToRequester } from '../cases.ts'
import { dueOf } from '../next.ts'
import type { Matter } from '../rights.ts'
import { mostBytes, type ReceivedMail, readMail } from './read-mail.ts'

/** Days that what arrived is kept beside its case. */
const inboxDays = 7

export interface Received {
  /** Whether this very email was taken before, and has its case. */
  isKnown: boolean
  /** What arrived, sealed for a while; undefined where it was taken before. */
  inbox?: string
  id: string
  reference: string
  due: string
}

/** Whether two addresses are the same, as mail does: without regard to case. */
export function sameAddress(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase()
}

/**
 * Takes an e-mail that came to the data protection mailbox: sealed as it came (its words and the names of what hung on it)
 * for seven days, and a case that counts from its Date header, never from the future. Whose record it is about is noted
 * where exactly one living record has the sender's address. The same email, taken twice, leads to the one case. Returns why not, in a sentence, when it is no e-mail.
 */
export async function receive(
  house: House,
  by: Actor,
  raw: Buffer,
  { matter = 'unsorted', enteredBy }: { matter?: Matter; enteredBy?: string },
  write?: WriteToRequester,
): Promise<Received | string> {
  if (raw.length > mostBytes) return 'The file must be 25 MB or smaller'
  const mail = await readMail(raw)
  if (!mail.from.address) return 'The file is not an email with a sender: save it as .eml and try again'
  const now = house.clock.now()
  const receivedAt = mail.date && mail.date < now ? mail.date : now
  const theirs: string[] = []
  for (const id of await house.vault.findByEmail(mail.from.address))
    if ((await house.vault.record(id))?.kind === 'panel') theirs.push(id)
  const [subject] = theirs.length === 1 ? theirs : []
  const mailMark = createHmac('sha256', await house.vault.secret('received mail'))
    .update(JSON.stringify([mail.messageId, mail.from.address, mail.to, mail.date, mail.subject, mail.text]))
    .digest()
  return within(house, { by, for: 'exercise rights' }, async tx => {
    const known = await tx.selectFrom('rights_case').selectAll().where('mail_mark', '=', mailMark).executeTakeFirst()
    if (known) return { id: known.dossier_id, reference: known.reference, due: dueOf(known).due, isKnown: true }
    const inbox = await house.vault.begin(tx, by, 'inbox', addDays(londonDate(now), inboxDays))
    const { from, to, subject: title, text, attachments } = mail
    await house.vault.put(tx, by, 'inbox', inbox, {
      address: from.address,
      content: JSON.stringify({ from, to, subject: title, date: mail.date?.toISOString(), text, attachments }),
    })
    const made = await openCase(
      tx,
      house,
      by,
      {
        matter,
        channel: 'email',
        requester: { name: from.name, reach: from.address },
        words: wordsOf(mail),
        mailMark,
        receivedAt,
        ...(subject ? { subject } : {}),
        ...(enteredBy ? { enteredBy } : {}),
      },
      mail.isAutomatic ? undefined : write,
    )
    return { ...made, isKnown: false, inbox }
  })
}

/** What the desk reads of an e-mail: its words, and what hung on it by name alone. */
function wordsOf(mail: ReceivedMail): string {
  const { attachments } = mail
  const isOurs = mail.to.some(address => sameAddress(address, contact.dpo.email))
  return [
    ...(mail.subject ? [`Subject: ${mail.subject}`] : []),
    mail.text || 'It has no words that could be read.',
    ...(attachments.length
      ? [
          `${attachments.length} ${attachments.length === 1 ? 'file hung' : 'files hung'} on it, not opened and not kept: ${attachments.map(one => `${one.name} (${one.type}, ${one.bytes} bytes)`).join('; ')}. Ask for what you need in another way.`,
        ]
      : []),
    ...(mail.isBroken ? ['It could not be read to its end.'] : []),
    ...(isOurs ? [] : [`It was not addressed to ${contact.dpo.email}.`]),
  ].join('\n\n')
}
