import type { Tx } from '#src/platform/database/database.ts'
import type { House } from '#src/promises/house.ts'
import { type Actor, system } from '#src/promises/notice/actor.ts'
import type { Role } from '#src/promises/notice/purposes.ts'
import { invite, openAccounts } from '../staff/accounts.ts'
import { sayRoles } from './practising.ts'

const by = system('practice')

/** Who works beside you in a practice: invented, and you are each of them in turn. */
const cast: readonly { name: string; roles: readonly Role[]; does: string }[] = [
  { name: 'Kit Arden (practice)', roles: ['officer'], does: 'Runs the round: reviews, decides, draws, offers places.' },
  { name: 'Robin Vale (practice)', roles: ['officer'], does: 'The second person: confirms what you propose.' },
  { name: 'Ash Moor (practice)', roles: ['reviewer'], does: 'Reads answers without names, and scores them.' },
  { name: 'Bryn Lake (practice)', roles: ['reviewer'], does: 'Reads answers without names, and scores them.' },
  { name: 'Cam Ford (practice)', roles: ['reviewer'], does: 'Reads answers without names, and scores them.' },
  { name: 'Dale Heath (practice)', roles: ['adjustments lead'], does: 'Sees what would help people take part.' },
]

export interface Colleague extends Actor {
  name: string
  says: string
  does: string
}

/** Opens the accounts of the invented colleagues. Nobody signs in by them. */
export async function inviteColleagues(tx: Tx, house: House): Promise<void> {
  for (const [at, { name, roles }] of cast.entries())
    await invite(tx, house, by, { name, email: `colleague-${at}@practice.example`, roles, demo: true })
}

/** The invented colleagues of the practice at hand. */
export async function colleaguesIn(tx: Tx, house: House): Promise<Colleague[]> {
  const rows = await tx.selectFrom('staff').select('dossier_id').execute()
  const ids = rows.map(row => row.dossier_id)
  const ask = { by, for: 'keep the service safe', fields: ['name'] } as const
  const names = new Map((await house.vault.open(tx, 'staff', ask, ids)).map(one => [one.id, one.name ?? '']))
  const place = (name: string) => cast.findIndex(one => one.name === name)
  const open = (await openAccounts(tx, ids)).map(({ id, roles }) => {
    const name = names.get(id) ?? ''
    return { id, roles, own: [id], name, says: sayRoles(roles), does: cast[place(name)]?.does ?? '' }
  })
  return open.sort((a, b) => place(a.name) - place(b.name))
}
