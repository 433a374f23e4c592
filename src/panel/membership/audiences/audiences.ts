import { createHash, randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Tx } from '#src/platform/database/database.ts'
import type { Tables } from '#src/platform/database/tables.ts'
import { csv } from '#src/platform/web/csv.ts'
import type { House } from '#src/promises/house.ts'
import { record } from '#src/promises/ledger/ledger.ts'
import type { Actor } from '#src/promises/notice/actor.ts'
import { councilByCode, regionOf } from '../../recruitment/councils.ts'
import { channels, wordsOf } from '../../recruitment/options.ts'
import { codesValue } from '../../recruitment/values.ts'
import { members } from '../members.ts'
import { NotPossible } from '../not-possible.ts'
import type { Filter } from './filter.ts'
import './tables.ts'

export type Audience = Selectable<Tables['audience']>
/** [N-38] What the list of an audience may be taken for: purposes of the notice, so that none is for marketing. */
export const filePurposes = {
  'administer the panel': 'To run the panel',
  'correspond about meetings': 'To write about meetings',
  'send documents': 'To send minutes and presentations',
  'run surveys': 'To send a survey',
} as const
export type FilePurpose = keyof typeof filePurposes

/** Who fits, by seat, of the members in office; those who pause are asked nothing, and only counted. */
export async function findAudience(
  tx: Tx,
  house: House,
  by: Actor,
  filter: Filter,
  today: string,
): Promise<{ ids: string[]; paused: number }> {
  const inOffice = (await members(tx, today)).filter(
    one => !filter.terms.length || filter.terms.includes(one.term_number),
  )
  const ask = { by, for: 'administer the panel', fields: ['area', 'channel', 'interests'] } as const
  const all = inOffice.map(one => one.dossier_id)
  const fits =
    filter.regions.length || filter.channels.length || filter.interests.length
      ? await house.vault.search(tx, 'panel', ask, all, one => {
          const region = councilByCode(one.area ?? '')?.region ?? ''
          const likes = codesValue.read(one.interests) ?? []
          return (
            (!filter.regions.length || filter.regions.includes(region)) &&
            (!filter.channels.length || filter.channels.includes(one.channel ?? '')) &&
            (!filter.interests.length || filter.interests.some(code => likes.includes(code)))
          )
        })
      : all
  const pausing = new Set(inOffice.filter(one => one.paused_at).map(one => one.dossier_id))
  return { ids: fits.filter(id => !pausing.has(id)), paused: fits.filter(id => pausing.has(id)).length }
}

/** Saves a filter under a name. Throws NotPossible when the name is taken. */
export async function saveAudience(tx: Tx, house: House, by: Actor, name: string, filter: Filter): Promise<string> {
  const id = randomUUID()
  const made = await tx
    .insertInto('audience')
    .values({ id, name, ...filter, made_at: house.clock.now(), made_by: by.id })
    .onConflict(on => on.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!made) throw new NotPossible('There is an audience of this name')
  await note(tx, house, by, 'audience saved', 1, { audience: id })
  return id
}

export async function audiences(tx: Tx): Promise<Audience[]> {
  return tx.selectFrom('audience').selectAll().orderBy('name').execute()
}

export function audienceById(tx: Tx, id: string): Promise<Audience | undefined> {
  return tx.selectFrom('audience').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Takes a saved filter away; nobody in it is touched. */
export async function endAudience(tx: Tx, house: House, by: Actor, id: string): Promise<void> {
  const gone = await tx.deleteFrom('audience').where('id', '=', id).returning('id').executeTakeFirst()
  if (gone) await note(tx, house, by, 'audience ended', 1, { audience: id })
}

/**
 * The list of an audience for a purpose, with what that purpose allows and no address: letters go from here. In the
 * ledger as a count and a hash. Throws NotPossible when it is not of as many people as were shown.
 */
export async function audienceFile(
  tx: Tx,
  house: House,
  by: Actor,
  audience: Audience,
  purpose: FilePurpose,
  { seen, today }: { seen: number; today: string },
): Promise<string> {
  const { ids } = await findAudience(tx, house, by, audience, today)
  if (ids.length !== seen) throw new NotPossible('Who fits has changed since you opened the page: look again')
  const [head, rows] = await listFor(tx, house, by, purpose, ids)
  const file = csv(head, rows)
  const sha256 = createHash('sha256').update(file).digest('hex')
  await note(tx, house, by, 'audience exported', ids.length, { audience: audience.id, sha256 }, purpose)
  return file
}

async function listFor(
  tx: Tx,
  house: House,
  by: Actor,
  purpose: FilePurpose,
  ids: readonly string[],
): Promise<[string[], string[][]]> {
  if (purpose === 'administer the panel') {
    const ask = { by, for: 'administer the panel', fields: ['name', 'area', 'channel'] } as const
    const people = await house.vault.open(tx, 'panel', ask, ids)
    const rows = people.map(one => [one.name ?? '', regionOf(one.area ?? '') ?? '', wordsOf(channels, one.channel)])
    return [['name', 'region', 'hears by'], rows]
  }
  const people =
    purpose === 'correspond about meetings'
      ? await house.vault.open(
          tx,
          'panel',
          { by, for: 'correspond about meetings', fields: ['name', 'channel'] } as const,
          ids,
        )
      : purpose === 'send documents'
        ? await house.vault.open(tx, 'panel', { by, for: 'send documents', fields: ['name', 'channel'] } as const, ids)
        : await house.vault.open(tx, 'panel', { by, for: 'run surveys', fields: ['name', 'channel'] } as const, ids)
  return [['name', 'hears by'], people.map(one => [one.name ?? '', wordsOf(channels, one.channel)])]
}

function note(
  tx: Tx,
  house: House,
  by: Actor,
  act: string,
  count: number,
  detail: { audience: string; sha256?: string },
  purpose: FilePurpose = 'administer the panel',
): Promise<void> {
  const role = by.roles[0] ?? 'system'
  return record(tx, { actor: by.id, role, purpose, act, count, detail, at: house.clock.now() })
}
