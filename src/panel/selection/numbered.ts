import { faceOf, flightOver } from './flight.ts'
import { landingOver } from './landing.ts'
import type { Lottery } from './lottery.ts'
import type { PooledProblem } from './problem.ts'
import { rollFrom } from './random.ts'

/**
 * Turns a lottery into `wanted` numbered panels of people, each as likely as another, for a draw with dice or balls: every
 * panel is a proper one, and each type sits in as many as its chance asks for, rounded up or down wherever the search can.
 */
export function numberedPanels(problem: PooledProblem, lottery: Lottery, wanted: number): number[][] {
  const roll = rollFrom(7)
  const types = problem.count.length
  const expected = Float64Array.from(lottery.chance, (chance, t) => chance * problem.count[t]!)
  const drift = new Float64Array(types)
  const next = lottery.certificate.proof === 'relaxation' ? flown() : picked()
  const panels: Int32Array[] = []
  const shift = (panel: Int32Array, sign: number) => {
    for (let t = 0; t < types; t++) drift[t]! += sign * (panel[t]! - expected[t]!)
  }
  const unevenness = () => drift.reduce((sum, d) => sum + Math.max(0, Math.abs(d) - 0.999) ** 2, 0)
  while (panels.length < wanted) {
    const panel = next()
    panels.push(panel)
    shift(panel, 1)
  }
  let now = unevenness()
  for (let tries = 0; tries < 2 * wanted + 200 && now > 0; tries++) {
    const at = mostToBlame(panels, drift, roll)
    const old = panels[at]!
    shift(old, -1)
    const fresh = next()
    shift(fresh, 1)
    const then = unevenness()
    if (then <= now) {
      panels[at] = fresh
      now = then
    } else {
      shift(fresh, -1)
      shift(old, 1)
    }
  }
  return seat(problem, panels, roll)

  function flown(): () => Int32Array {
    const face = faceOf(problem, expected)
    const fly = flightOver(face, roll)
    const land = landingOver(face, roll)
    const spare = picked()
    const lean = new Float64Array(types)
    return () => {
      for (let tries = 0; tries < 20; tries++) {
        const { x, fractional } = fly(drift)
        for (let t = 0; t < types; t++) lean[t] = -drift[t]!
        const panel = land(x, fractional, lean)
        if (panel) return panel
      }
      return spare()
    }
  }

  // The panel of the lottery that brings the seats so far nearest to what is expected.
  function picked(): () => Int32Array {
    return () => {
      let best = lottery.panels[0]!
      let least = Infinity
      for (const panel of lottery.panels) {
        let change = 0
        for (const [t, n] of panel.counts) change += 2 * (drift[t]! - expected[t]!) * n + n * n
        if (change < least) {
          least = change
          best = panel
        }
      }
      const counts = new Int32Array(types)
      for (const [t, n] of best.counts) counts[t] = n
      return counts
    }
  }
}

function mostToBlame(panels: Int32Array[], drift: Float64Array, roll: () => number): number {
  let best = 0
  let most = -Infinity
  for (let tries = 0; tries < 8; tries++) {
    const at = Math.floor(roll() * panels.length)
    const panel = panels[at]!
    let blame = 0
    for (let t = 0; t < panel.length; t++) if (panel[t]) blame += panel[t]! * drift[t]!
    if (blame > most) {
      most = blame
      best = at
    }
  }
  return best
}

// Each seat goes to whoever of its type has sat least so far, ties at random, never beside someone of the same home.
function seat(problem: PooledProblem, panels: Int32Array[], roll: () => number): number[][] {
  const { homes } = problem.pool
  const sat = new Map<number, number>()
  return panels.map(panel => {
    const used = new Set<number>()
    const people: number[] = []
    for (const [t, n] of panel.entries()) {
      if (!n) continue
      const order = Array.from(problem.types[t]!.people, person => ({ person, key: (sat.get(person) ?? 0) + roll() }))
      order.sort((a, b) => a.key - b.key)
      let left = n
      for (const { person } of order) {
        if (!left) break
        const home = homes?.[person] ?? -1
        if (home >= 0 && used.has(home)) continue
        if (home >= 0) used.add(home)
        sat.set(person, (sat.get(person) ?? 0) + 1)
        people.push(person)
        left--
      }
    }
    return people
  })
}
