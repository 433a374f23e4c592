import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Tx } from '#src/platform/database/database.ts'
import { codeFits, hashOf, isOpen, newOneTime, noOneTime } from '../handover/one-time.ts'
import type { House } from '../house.ts'
import type { Actor } from '../notice/actor.ts'
import { openFile, putFile } from '../vault/files.ts'
import { type Disclosure, inHand, NotYet, step } from './disclosure.ts'
import { extractOf } from './extract.ts'
import { disclosureTypes, fieldsFor, type Giveable } from './kinds.ts'

/**
 * Makes the extract, of the approved fields alone, sealed in the request; returns what the one who asked needs: a link by one
 * channel, a code by another. Both work once, for 72 hours.
 */
export async function release(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  secondChannel: string,
): Promise<{ token: string; code: string }> {
  const one = await inHand(tx, id)
  if (one.decision !== 'release') throw new NotYet('It is not decided, or refused')
  if (one.second === 'disagree') throw new NotYet('The second person disagrees')
  if (one.second !== 'agree' && !one.is_emergency) throw new NotYet('A second person has to agree first')
  if (one.released_at) throw new NotYet('It was released already')
  if (!secondChannel) throw noChannel()
  const fields = fieldsFor(one.type).filter(field => one.approved_fields.includes(field))
  const subject = await livingSubject(house, one)
  const given = await openForDisclosure(tx, house, by, one, fields, subject)
  const opening = await lastOpening(tx, by, one, subject)
  const extract = extractOf(one, given, house.clock.now())
  await putFile(tx, house, by, 'case', id, 'extract', Readable.from([Buffer.from(extract)]))
  const { token, code, kept } = newOneTime(house.clock.now())
  const set = {
    ...kept,
    released_at: house.clock.now(),
    openings: [...one.openings, ...opening],
    released_sha256: createHash('sha256').update(extract).digest(),
  }
  await step(tx, house, by, id, 'extract made', set, { words: `the code goes by ${secondChannel}` })
  return { token, code }
}

/** A new link and code for what waits to be taken, after it was made sure again by the second channel; the old ones end. */
export async function linkAgain(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  secondChannel: string,
): Promise<{ token: string; code: string }> {
  const one = await inHand(tx, id)
  if (!one.released_at || one.handed_at || one.second === 'disagree') throw new NotYet('There is nothing to be taken')
  if (!secondChannel) throw noChannel()
  await livingSubject(house, one)
  const { token, code, kept } = newOneTime(house.clock.now())
  await step(tx, house, by, id, 'new link made', kept, { words: `the code goes by ${secondChannel}` })
  return { token, code }
}

const noChannel = () =>
  new NotYet('Enter how the code reaches them, and how you made sure that it is them', 'secondChannel')

/** Takes the extract, once: the link, and the code that came by another channel. */
export async function handOver(
  tx: Tx,
  house: House,
  by: Actor,
  token: string,
  code: string,
): Promise<{ reference: string; extract: string } | undefined> {
  const one = await byToken(tx, token)
  const now = house.clock.now()
  if (!one || one.closed_at || one.handed_at || !isOpen(one, now)) return undefined
  if (!codeFits(one, token, code)) {
    const tries = one.tries + 1
    await tx.updateTable('disclosure').set({ tries }).where('dossier_id', '=', one.dossier_id).execute()
    return undefined
  }
  if (!(await isGivable(house, one.subject))) return undefined
  const ask = { by, for: 'exercise rights', fields: ['extract'], related: [one.dossier_id] } as const
  const file = await openFile(tx, house, 'case', ask, one.dossier_id)
  if (!file) return undefined
  const extract = await text(file)
  const end = one.second === 'agree' ? ({ closed_at: now, outcome: 'given' } as const) : {}
  const set = { ...noOneTime, handed_at: now, ...end }
  await step(tx, house, by, one.dossier_id, 'extract taken', set)
  return { reference: one.reference, extract }
}

/** Whether a link still leads to something: a page says so before a code is typed. */
export async function waitsAt(tx: Tx, house: House, token: string): Promise<boolean> {
  const one = await byToken(tx, token)
  return one !== undefined && !one.closed_at && isOpen(one, house.clock.now())
}

function byToken(tx: Tx, token: string): Promise<Disclosure | undefined> {
  return tx.selectFrom('disclosure').selectAll().where('token_hash', '=', hashOf(token)).forUpdate().executeTakeFirst()
}

/** The record that is asked about, while it lives and is not set aside. */
async function livingSubject(house: House, { subject }: Disclosure): Promise<string> {
  if (!subject) throw new NotYet('We hold no record of this person: there is nothing to give')
  const living = await house.vault.record(subject)
  if (living?.state !== 'alive') throw new NotYet('Their record has been deleted: there is nothing to give any more')
  if (living.restricted)
    throw new NotYet(
      'Their record is set aside (Article 18): nothing of it is given until that is lifted, on the page of holds',
    )
  return subject
}

async function isGivable(house: House, subject: string | null): Promise<boolean> {
  const living = subject ? await house.vault.record(subject) : undefined
  return living?.state === 'alive' && !living.restricted
}

/** Fields of one person, opened for the purpose of the request: the map and the roles are asked as ever. */
async function openForDisclosure(
  tx: Tx,
  house: House,
  by: Actor,
  one: Disclosure,
  fields: readonly Giveable[],
  subject: string,
): Promise<Map<string, string>> {
  const related = [subject]
  const open = { by, fields, related }
  const { vault } = house
  const { purpose } = disclosureTypes[one.type]
  const opened =
    purpose === 'answer law enforcement'
      ? await vault.open(tx, 'panel', { ...open, for: 'answer law enforcement' }, related)
      : purpose === 'answer safeguarding'
        ? await vault.open(tx, 'panel', { ...open, for: 'answer safeguarding' }, related)
        : purpose === 'answer other requests'
          ? await vault.open(tx, 'panel', { ...open, for: 'answer other requests' }, related)
          : await vault.open(tx, 'panel', { ...open, for: 'answer legal representatives' }, related)
  const [values] = opened
  if (!values) throw new NotYet('Their record cannot be opened for this: there is nothing to give')
  return new Map(fields.flatMap(field => (values[field] === undefined ? [] : [[field, values[field]] as const])))
}

async function lastOpening(tx: Tx, by: Actor, one: Disclosure, subject: string): Promise<(string | number)[]> {
  const made = await tx
    .selectFrom('opening')
    .select('id')
    .where('dossier_id', '=', subject)
    .where('actor', '=', by.id)
    .where('purpose', '=', disclosureTypes[one.type].purpose)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return made ? [made.id] : []
}
