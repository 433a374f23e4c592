import type {} from 'fastify'
import type { Actor } from './notice/actor.ts'

/** Who is asking: put on every request by the doors in `people`, which also keep the session. */
declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined until someone has signed in or begun an application. */
    actor: Actor | undefined
  }
  interface FastifyReply {
    /** Lets the browser act for these dossiers of one resident from now on, the first being the one in hand. */
    actFor(dossiers: readonly string[]): Promise<void>
  }
}
