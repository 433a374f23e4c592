import type { FieldFor } from '#src/promises/notice/datamap.ts'
import type { Opened } from '#src/promises/vault/vault.ts'
import type { Desk } from './page.ts'

/** Opens fields of the application in hand for the person it belongs to, or the officer who enters it for them. */
export async function recallOwn<const F extends FieldFor<'panel', 'administer the panel'>>(
  desk: Desk,
  fields: readonly F[],
): Promise<Opened<'panel', F>> {
  const { tx, house, by, application } = desk
  const [opened] = await house.vault.open(tx, 'panel', { by, for: 'administer the panel', fields }, [application.id])
  return opened ?? ({ id: application.id } as Opened<'panel', F>) // every field is optional
}
