import type { Tx } from '#src/platform/database/database.ts'
import { agree, approve } from '#src/promises/disclosures/decide.ts'
import { openDisclosure } from '#src/promises/disclosures/open.ts'
import { release } from '#src/promises/disclosures/release.ts'
import { type Found, weigh } from '#src/promises/disclosures/weigh.ts'
import { type House, within } from '#src/promises/house.ts'
import { dorothy, grace } from './settled.ts'

/** A second person of data protection. */
export const dora = { ...dorothy, id: 'b5a1c9f2-0000-4000-8000-000000000007' }

/** What two people of data protection do with requests of others about the people of a house. */
export function othersDesk(house: House) {
  const desk = <T>(work: (tx: Tx) => Promise<T>) => within(house, { by: dorothy, for: 'exercise rights' }, work)
  const person = (values: { name: string; email?: string; phone?: string; landlord?: string }) =>
    within(house, { by: grace, for: 'administer the panel' }, async tx => {
      const id = await house.vault.begin(tx, grace, 'panel', '2027-06-30')
      await house.vault.put(tx, grace, 'panel', id, values)
      return id
    })
  const asked = {
    type: 'law enforcement',
    fields: ['name', 'phone'],
    requester: { name: 'PC Lee', body: 'Lancashire Constabulary', reach: 'lee@police.example' },
    words: 'A theft on 3 May.',
    isEmergency: false,
  } as const
  const found: Found = {
    gateway: 'sch2-para2',
    lawfulBasis: 'task',
    fields: ['name'],
    lessWeighed: true,
    switchedOff: {},
    identity: 'Rang the published number of the force.',
    basis: { why: 'To know who lives there.' },
  }
  const ask = (subject: string | undefined, more: object = {}) =>
    desk(tx => openDisclosure(tx, house, dorothy, { ...asked, subject, ...more }))
  const weighed = (id: string, more: Partial<Found> = {}) =>
    desk(tx => weigh(tx, house, dorothy, id, { ...found, ...more }))
  const decided = async (id: string) => {
    await desk(tx => approve(tx, house, dorothy, id))
    await desk(tx => agree(tx, house, dora, id))
  }
  const made = (id: string) => desk(tx => release(tx, house, dorothy, id, 'phone, the published number'))
  const row = (id: string) =>
    desk(tx => tx.selectFrom('disclosure').selectAll().where('dossier_id', '=', id).executeTakeFirstOrThrow())
  return { desk, person, asked, found, ask, weighed, decided, made, row }
}
