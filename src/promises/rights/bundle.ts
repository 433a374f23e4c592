import { createHash } from 'node:crypto'
import { londonDate, sayInstant } from '#src/platform/calendar/london.ts'
import { type Part, unzip, zip } from '#src/platform/files/zip.ts'
import type { Account, Case, Requester } from './cases.ts'
import { outcomes } from './complaints.ts'
import { dueOf } from './next.ts'

/** The list of fingerprints in a bundle, as `sha256sum -c` reads it. */
const sums = 'SHA256SUMS'

export interface Bundle {
  file: Buffer
  /** Fingerprint of the whole file, for the ledger. */
  sha256: string
}

/** A complaint as the regulator is given it: the page to read it by, each text by itself, and a fingerprint of each part. */
export function makeBundle(
  held: { one: Case; requester: Requester; account: Account },
  page: string,
  at: Date,
): Bundle {
  const parts = [{ name: 'index.html', bytes: Buffer.from(page) }, ...textsOf(held), dates(held)]
  const list = parts.map(({ name, bytes }) => `${hashOf(bytes)}  ${name}\n`).join('')
  const file = zip([...parts, { name: sums, bytes: Buffer.from(list) }], at)
  return { file, sha256: hashOf(file) }
}

/** Whether every part of a bundle is as it was when the bundle was made: what is wrong, a sentence each. */
export function bundleFaults(file: Buffer): string[] {
  const parts = unzip(file)
  const list = parts?.find(one => one.name === sums)
  if (!parts || !list) return ['It is not a bundle, or is cut short.']
  const said = new Map<string, string>()
  for (const row of list.bytes.toString('utf8').split('\n').filter(Boolean)) said.set(row.slice(66), row.slice(0, 64))
  const faults: string[] = []
  for (const { name, bytes } of parts) {
    if (name === sums) continue
    if (said.get(name) === undefined) faults.push(`${name} is not in its list.`)
    else if (said.get(name) !== hashOf(bytes)) faults.push(`${name} was changed.`)
  }
  for (const name of said.keys()) if (!parts.some(one => one.name === name)) faults.push(`${name} is missing.`)
  return faults
}

/** Each text of the complaint, in the order in which it came. */
export function textsOf(held: { requester: Requester; account: Account }): Part[] {
  const { account, requester } = held
  const numbered = (what: string, all: readonly { at: string; text: string }[]) =>
    all.map((one, at) => ({
      name: `${what}-${at + 1}.txt`,
      bytes: Buffer.from(`${sayInstant(new Date(one.at))}\n\n${one.text}\n`),
    }))
  const of = (what: 'acknowledgement' | 'progress') => account.letters.filter(one => one.what === what)
  return [
    {
      name: 'complaint.txt',
      bytes: Buffer.from(`${[requester.name, requester.reach].filter(Boolean).join('\n')}\n\n${account.words}\n`),
    },
    ...numbered('acknowledgement', of('acknowledgement')),
    ...numbered('enquiry', account.enquiries),
    ...numbered('progress', of('progress')),
    ...(account.reasons ? [{ name: 'reasons.txt', bytes: Buffer.from(`${account.reasons}\n`) }] : []),
    ...(account.letter ? [{ name: 'outcome.txt', bytes: Buffer.from(`${account.letter}\n`) }] : []),
  ]
}

/** The dates and states of a complaint, for a machine to read. */
function dates({ one, account }: { one: Case; account: Account }): Part {
  const instant = (at: Date | null) => at?.toISOString() ?? null
  const fields = {
    schema: 'panelkeeper-complaint-1',
    reference: one.reference,
    law: 'Data Protection Act 2018, section 164A',
    channel: one.channel,
    received: instant(one.received_at),
    acknowledgeBy: dueOf(one).due,
    acknowledged: instant(one.acknowledged_at),
    acknowledgedInTime: one.acknowledged_at ? londonDate(one.acknowledged_at) <= dueOf(one).due : null,
    lastTold: instant(one.told_at),
    outcome: one.decision && outcomes[one.decision],
    decided: instant(one.decided_at),
    putRight: instant(one.carried_out_at),
    answered: instant(one.answered_at),
    closed: instant(one.closed_at),
    steps: account.notes,
  }
  return { name: 'complaint.json', bytes: Buffer.from(`${JSON.stringify(fields, null, 1)}\n`) }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
