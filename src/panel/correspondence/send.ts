import { inWorld, isPractice, REAL, worldNow } from '#src/platform/database/world.ts'
import { JobError, type Jobs } from '#src/platform/jobs/jobs.ts'
import { MailError } from '#src/platform/mail/mailer.ts'
import { type House, within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { isLetter, type LetterDetail, type LetterName, writeLetter } from './letters.ts'
import { ofDoors, recipientOf } from './recipient.ts'
import { lettersQueue } from './tell.ts'
import { wordsInForce } from './words/versions.ts'

const by = system('mail')
/** Letters that are the supporter's own, and no copies. */
const toSupporter: ReadonlySet<string> = new Set<LetterName>(['named as supporter', 'sign-in code'])

/** Adds to a letter what may not wait in the database in clear, such as a sign-in code made from the row's id. */
export type Enrich = (messageId: string, template: LetterName, detail: LetterDetail) => Promise<LetterDetail>

/** Sends the letters that wait, one person a letter. */
export async function startLetters(house: House, jobs: Jobs, enrich: Enrich): Promise<void> {
  await jobs.work(lettersQueue, id => sendLetter(house, id, enrich))
}

/**
 * Sends one letter. A letter that went out just before a crash goes out again with the same Message-ID; a dossier that
 * has ended, or is restricted, gets nothing.
 */
export async function sendLetter(house: House, id: string, enrich: Enrich): Promise<void> {
  const letter = await within(house, { by, for: 'exercise rights' }, async tx => {
    const row = await tx.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirst()
    if (row?.state !== 'waiting' || !isLetter(row.template)) return undefined
    // The doors are the first step of every right: their letters go out for a record set aside, too.
    if (!ofDoors.has(row.template) && (await house.vault.record(row.dossier_id))?.restricted)
      return 'set aside' as const
    const to = await recipientOf(tx, house, row)
    const detail = {
      ...(row.detail as LetterDetail),
      ...(to?.words === undefined ? {} : { words: to.words }),
      ...(to?.member === undefined ? {} : { member: to.member }),
    }
    const isCopy = row.for_supporter && !toSupporter.has(row.template)
    const address = isPractice() ? undefined : to?.email
    const { template } = row
    const words = await wordsInForce(tx, template)
    const copyOf = isCopy ? to?.member : undefined
    return { template, words, detail, name: to?.name ?? '', address, copyOf, acts: to?.acts }
  })
  if (!letter) return
  if (letter === 'set aside') return note(house, id, { state: 'stuck', error: letter })
  const to = isPractice() ? await whoPractises(house) : { name: letter.name, address: letter.address }
  if (!to.address) return note(house, id, { state: 'stuck', error: 'no address' })
  try {
    const detail = await enrich(id, letter.template, letter.detail)
    const name = letter.name || 'there'
    const door = letter.acts ? await enrich(id, 'named as supporter', { supporter: letter.acts }) : {}
    const copyFor = letter.copyOf === undefined ? undefined : { name, door: door.link }
    const about = { ...detail, name: letter.copyOf ?? name }
    const { subject, text, html } = writeLetter(letter.template, about, copyFor, letter.words)
    await house.mailer.send({ id, to: { name: to.name, address: to.address }, subject, text, html })
  } catch (error) {
    const code = error instanceof MailError ? error.code : 'letter cannot be made'
    await note(house, id, { state: code === 'address refused' ? 'stuck' : 'waiting', error: code })
    if (code === 'address refused') return
    throw new JobError(code)
  }
  await note(house, id, { state: 'sent', error: null, worded: letter.words.version })
}

/** In practice every letter goes to whoever practises, as long as their account is there: nobody invented has a letter box. */
async function whoPractises(house: House): Promise<{ name: string; address: string | undefined }> {
  const world = worldNow()
  const ask = { by, for: 'keep the service safe', fields: ['name', 'email'] } as const
  const [person] = await inWorld(REAL, () =>
    within(house, { by, for: 'exercise rights' }, tx => house.vault.open(tx, 'staff', ask, [world])),
  )
  return { name: person?.name ?? '', address: person?.email }
}

async function note(
  house: House,
  id: string,
  outcome: { state: 'sent' | 'stuck' | 'waiting'; error: string | null; worded?: string },
): Promise<void> {
  await within(house, { by, for: 'exercise rights' }, tx =>
    tx
      .updateTable('message')
      .set(eb => ({
        ...outcome,
        attempts: eb('attempts', '+', 1),
        sent_at: outcome.state === 'sent' ? house.clock.now() : null,
      }))
      .where('id', '=', id)
      .execute(),
  )
}
