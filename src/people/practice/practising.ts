import type { FastifyRequest } from 'fastify'
import type { Tx } from '#src/platform/database/database.ts'
import { inWorld } from '#src/platform/database/world.ts'
import { type House, within } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import type { Session } from '../doors/sessions.ts'
import { openAccounts } from '../staff/accounts.ts'
import { roleWords } from '../staff/role-words.ts'
import '../tables.ts'

const by = system('practice')

/** Someone at practice: whose world it is, and the invented colleague that they are just now. */
export interface Practising {
  world: string
  actor: Actor
  /** Who that is, for the mark on every page. */
  says: string
}

/**
 * The practice that a request is part of. Only staff pages are: what the public sees is the real panel's, also for
 * someone who practises.
 */
export async function practising(
  house: House,
  session: Session,
  request: FastifyRequest,
): Promise<Practising | undefined> {
  const as = session.practisingAs
  if (!as || !session.complete || !isOfPractice(request.url)) return undefined
  if (request.routeOptions.config.world === 'real') return undefined
  const world = session.actor.id
  return inWorld(world, () =>
    within(house, { by, for: 'keep the service safe' }, async tx => {
      const [account] = await openAccounts(tx, [as])
      const ask = { by, for: 'keep the service safe', fields: ['name'] } as const
      const [person] = account ? await house.vault.open(tx, 'staff', ask, [as]) : []
      if (!account || !person?.name) return undefined
      const says = `${person.name}, ${sayRoles(account.roles)}`
      return { world, actor: { id: as, roles: account.roles, own: [as] }, says }
    }),
  )
}

/** Someone begins to act as an invented colleague, or goes back to real work. */
export async function actAs(tx: Tx, house: House, session: Session, as: string | null): Promise<void> {
  await tx.updateTable('session').set({ practising_as: as }).where('id', '=', session.id).execute()
  await record(tx, {
    actor: session.actor.id,
    role: session.actor.roles[0] ?? 'officer',
    purpose: 'administer the panel',
    act: as ? 'practising' : 'practising stopped',
    detail: as ? { as } : {},
    at: house.clock.now(),
  })
}

/** What someone may do, as pages call it in a sentence. */
export function sayRoles(roles: readonly string[]): string {
  return roles.map(role => (roleWords[role] ?? role).toLowerCase()).join(', ')
}

function isOfPractice(url: string): boolean {
  return /^\/(staff|selection)(?=[/?]|$)/.test(url)
}
