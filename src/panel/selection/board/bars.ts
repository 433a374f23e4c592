/** One row of paired bars: shares of a hundred. */
export interface BarRow {
  words: string
  bars: { says: string; share: number | undefined }[]
}

const [left, width, high, gap] = [190, 300, 14, 10]
const fills = ['#ffffff', '#0a5a5c', '#0b0c0c'] as const

/**
 * Paired bars as numbers to draw: each labelled with what it is and its share, so that colour says nothing alone. The
 * table beside holds the same numbers.
 */
export function barsOf(rows: readonly BarRow[]) {
  const most = Math.max(1, ...rows.flatMap(row => row.bars.map(bar => bar.share ?? 0)))
  let y = 0
  const drawn = rows.map(row => {
    const top = y
    const bars = row.bars.flatMap((bar, i) => {
      if (bar.share === undefined) return []
      const one = {
        x: left,
        y,
        width: Math.max(1, (bar.share / most) * width),
        height: high,
        fill: fills[i % fills.length] ?? '#ffffff',
        label: `${bar.says} ${bar.share.toFixed(1)}%`,
        labelX: left + Math.max(1, (bar.share / most) * width) + 6,
        labelY: y + high - 3,
      }
      y += high + 2
      return [one]
    })
    y += gap
    return { words: row.words, y: top + high - 3, bars }
  })
  return { rows: drawn, width: left + width + 150, height: y }
}
