import type { Published } from '../folder.ts'
import { checkBest } from './best.ts'
import { type Columns, type Files, readClaim } from './claim.ts'
import { checkDraw } from './draw.ts'
import { checkChances, checkLottery } from './lottery.ts'
import { checkPublished } from './published.ts'
import { rowsOf } from './rows.ts'
import { checkTypes } from './types.ts'

// This room checks what the engine claims, so it shares nothing with it but the reading of files and the rule of the
// draw, and has another solver.

/** What the check found: each sentence in `wrong` is a claim of the file that does not hold; `raise` as `checkBest` gives it. */
export type Verdict = { wrong: string[]; raise?: number }

/**
 * Checks a selection against its pool and quotas: every panel meets size, quotas and homes, probabilities sum to one, each
 * chance is what the lottery gives, the seed draws the people named, and no lottery is better. With what was published,
 * that it is the same selection and was committed to.
 */
export async function checkSelection(
  json: unknown,
  files: Files,
  columns: Columns = {},
  published?: Published,
): Promise<Verdict> {
  const wrong: string[] = []
  const claim = readClaim(json, files, columns, wrong)
  if (!claim || wrong.length) return { wrong }
  const typeOf = checkTypes(claim)
  if (wrong.length) return { wrong }
  const rows = rowsOf(claim, typeOf)
  const chance = checkLottery(claim, rows, typeOf)
  checkChances(claim, chance)
  if (claim.selection.selected.length) checkDraw(claim, typeOf)
  if (published) checkPublished(claim, files, published)
  if (wrong.length) return { wrong }
  const raise = await checkBest(claim, rows, chance)
  return { wrong, ...(raise === undefined ? {} : { raise }) }
}
