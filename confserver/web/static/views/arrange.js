/**
 * Where the tiles go: rectangles for a stage of a given size, as large as possible. It knows numbers, not elements.
 */

/** @typedef {{left: number, top: number, width: number, height: number}} Rectangle */

const GAP = 8;
const PICTURE_ASPECT = 16 / 9;
/** A camera's picture may be cropped to fill a tile: more on an upright phone than on a wide screen. */
const NARROWEST = { upright: 0.62, wide: 1.2 };
/** A screen is never cropped: its tile takes all there is, and the picture keeps its own shape in it. */
const UNCROPPED = null;
/** How much a cropped picture counts less than a whole one, as an exponent of the part that stays visible. */
const CROP_WEIGHT = 0.25;
/** The part of the stage that is left for the others beside what is large. */
const STRIP_PART = { upright: 0.3, wide: 0.2 };

/**
 * @param {{isMain: boolean, isScreen: boolean}[]} tiles `isMain`: to be large, beside the others
 * @param {{width: number, height: number}} stage in CSS pixels
 * @returns {Rectangle[]} one for each tile, in their order
 */
export function arrange(tiles, stage) {
  const whole = { left: 0, top: 0, ...stage };
  const mainCount = tiles.filter(({ isMain }) => isMain).length;
  const otherCount = tiles.length - mainCount;
  const narrowest = isUpright(stage) ? NARROWEST.upright : NARROWEST.wide;
  if (mainCount === 0) return grid(otherCount, whole, narrowest);
  const [main, strip] = otherCount === 0 ? [whole, whole] : split(whole);
  const mainTiles = grid(mainCount, main, tiles.some(({ isScreen }) => isScreen) ? UNCROPPED : narrowest);
  const stripTiles = grid(otherCount, strip, narrowest);
  return tiles.map(({ isMain }) => (isMain ? mainTiles : stripTiles).shift());
}

function isUpright({ width, height }) {
  return height > width;
}

function split({ left, top, width, height }) {
  if (isUpright({ width, height })) {
    const strip = height * STRIP_PART.upright;
    return [
      { left, top, width, height: height - strip - GAP },
      { left, top: height - strip, width, height: strip },
    ];
  }
  const strip = width * STRIP_PART.wide;
  return [
    { left, top, width: width - strip - GAP, height },
    { left: width - strip, top, width: strip, height },
  ];
}

function grid(count, area, narrowest) {
  let best = { score: -1 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const tile = largestTile(columns, rows, area, narrowest);
    const visible = Math.min(tile.width / tile.height / PICTURE_ASPECT, 1);
    const score = tile.width * tile.height * visible ** CROP_WEIGHT;
    if (score > best.score) best = { score, columns, rows, ...tile };
  }
  return Array.from({ length: count }, (_, index) => place(index, count, best, area));
}

function largestTile(columns, rows, area, narrowest) {
  const width = (area.width - GAP * (columns - 1)) / columns;
  const height = (area.height - GAP * (rows - 1)) / rows;
  if (narrowest === UNCROPPED) return { width, height };
  const aspect = Math.min(Math.max(width / height, narrowest), PICTURE_ASPECT);
  return { width: Math.min(width, height * aspect), height: Math.min(height, width / aspect) };
}

function place(index, count, { columns, rows, width, height }, area) {
  const row = Math.floor(index / columns);
  const inThisRow = row === rows - 1 ? count - row * columns : columns;
  const rowWidth = inThisRow * width + (inThisRow - 1) * GAP;
  const gridHeight = rows * height + (rows - 1) * GAP;
  return {
    left: area.left + (area.width - rowWidth) / 2 + (index % columns) * (width + GAP),
    top: area.top + (area.height - gridHeight) / 2 + row * (height + GAP),
    width,
    height,
  };
}
