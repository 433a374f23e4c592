import type { Role } from './purposes.ts'

/** Who acts: a resident, a member of staff, or a named part of the system. */
export interface Actor {
  /** The staff dossier, the resident's dossier (also where their supporter acts), or `system:part`. */
  id: string
  roles: readonly Role[]
  /** The dossiers that are the actor's own. */
  own: readonly string[]
}

/** A part of the system that acts by itself: `system:sweep`, `system:mail`. */
export function system(part: string): Actor {
  return { id: `system:${part}`, roles: ['system'], own: [] }
}

/** Whether this is a supporter, who acts for the person named as `id`. */
export function isSupporter(actor: Actor): boolean {
  return actor.roles.includes('supporter')
}

/** A resident acting on their own dossier. */
export function resident(dossier: string): Actor {
  return { id: dossier, roles: ['resident'], own: [dossier] }
}
