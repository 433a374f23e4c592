import { countLead, passLead } from '#src/panel/membership/concerns/lead.ts'
import { countActions, passActions } from '#src/panel/membership/contacts/contacts.ts'
import { countUntaken, passExports } from '#src/panel/recruitment/export/leaver.ts'
import { countUnfinished, leaveEveryRound } from '#src/panel/review/leaver.ts'
import { forPurpose, type Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import type { Role } from '#src/promises/notice/purposes.ts'
import { disable, openAccounts } from './accounts.ts'

/** One sort of work that an account may hold. */
interface Work {
  /** What someone must act as to hold it. */
  heldAs: Role
  /** Whether a named colleague can take it; otherwise it is shared out by itself. */
  byName: boolean
  /** What it is, for one and for several. */
  says: readonly [string, string]
  /** Where it goes without a colleague who may take it. */
  team: string
  count: (tx: Tx, id: string) => Promise<number>
  pass: (tx: Tx, house: House, by: Actor, from: string, to: string | undefined) => Promise<void>
}

const works: readonly Work[] = [
  {
    heldAs: 'reviewer',
    byName: false,
    says: ['reading not finished', 'readings not finished'],
    team: 'to the other reviewers of the round',
    count: countUnfinished,
    pass: (tx, house, by, from) => leaveEveryRound(tx, house, by, from),
  },
  {
    heldAs: 'officer',
    byName: true,
    says: ['export asked for and not taken', 'exports asked for and not taken'],
    team: 'refused: whoever needs it asks again',
    count: countUntaken,
    pass: (tx, house, _by, from, to) => passExports(tx, house.clock.now(), from, to),
  },
  {
    heldAs: 'officer',
    byName: true,
    says: ['next action with a person', 'next actions with people'],
    team: 'to the team',
    count: countActions,
    pass: (tx, _house, _by, from, to) => passActions(tx, from, to),
  },
  {
    heldAs: 'officer',
    byName: true,
    says: ['place as the one who is told of worries about people', 'places as the one who is told of worries'],
    team: 'to the officer who has been here longest',
    count: countLead,
    pass: passLead,
  },
]

/** What of an account is handed over, and where it goes. */
export interface Held {
  count: number
  says: string
  goes: string
}

/**
 * Everything that an account holds, sort by sort, and where it goes when this colleague, or nobody, is named. What is
 * set aside is not counted for anyone, and is handed over with the rest.
 */
export async function heldBy(tx: Tx, id: string, to?: { name: string; roles: readonly Role[] }): Promise<Held[]> {
  return forPurpose(tx, 'administer the panel', async () => {
    const held: Held[] = []
    for (const work of works) {
      const count = await work.count(tx, id)
      if (count)
        held.push({
          count,
          says: work.says[count === 1 ? 0 : 1],
          goes: to && takes(work, to.roles) ? `to ${to.name}` : goesWithout(work),
        })
    }
    return held
  })
}

/** The counts as one word, to see whether they have changed since a page was shown. */
export function markOf(held: readonly Held[]): string {
  return held.map(one => `${one.count} ${one.says}`).join(', ') || 'nothing'
}

/**
 * Closes an account in one step: its sessions end, and everything it holds goes to the colleague or back to the team.
 * Returns what is wrong, in one sentence; then nothing has changed. The last administrator's stays open.
 */
export async function closeAccount(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  { to, seen }: { to?: string | undefined; seen?: string | undefined } = {},
): Promise<string | undefined> {
  const [colleague] = to ? await openAccounts(tx, [to]) : []
  if (to && (!colleague || to === id)) return 'Select a colleague whose account is open'
  const open = tx.selectFrom('staff').select('dossier_id').where('dossier_id', '=', id).where('disabled_at', 'is', null)
  if (!(await open.forUpdate().executeTakeFirst())) return 'This account is closed already'
  const held = await heldBy(tx, id)
  if (seen !== undefined && seen !== markOf(held))
    return 'What this person holds has changed since you opened the page: look again'
  const fault = await disable(tx, house, by, id)
  if (fault) return fault
  await handOver(tx, house, by, id, works, held, colleague)
  return undefined
}

/** Hands back to the team what an account holds and may no longer do, now that it acts as these roles. */
export async function handBack(tx: Tx, house: House, by: Actor, id: string, roles: readonly Role[]): Promise<void> {
  const over = works.filter(work => !roles.includes(work.heldAs))
  await handOver(tx, house, by, id, over, await heldBy(tx, id))
}

async function handOver(
  tx: Tx,
  house: House,
  by: Actor,
  id: string,
  list: readonly Work[],
  held: readonly Held[],
  colleague?: { id: string; roles: readonly Role[] },
): Promise<void> {
  await forPurpose(tx, 'administer the panel', async () => {
    for (const work of list)
      await work.pass(tx, house, by, id, colleague && takes(work, colleague.roles) ? colleague.id : undefined)
  })
  if (!held.length) return
  await record(tx, {
    actor: by.id,
    role: by.roles[0] ?? 'system',
    purpose: 'keep the service safe',
    act: 'work handed over',
    subject: id,
    detail: { held: held.map(one => `${one.count} ${one.says}`), ...(colleague ? { to: colleague.id } : {}) },
    at: house.clock.now(),
  })
}

function takes(work: Work, roles: readonly Role[]): boolean {
  return work.byName && roles.includes(work.heldAs)
}

function goesWithout(work: Work): string {
  return work.byName
    ? `to the colleague you name, if they may act as ${work.heldAs}; otherwise ${work.team}`
    : work.team
}
