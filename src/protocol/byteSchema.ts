/** How bytes stand in what crosses a disk or a process. */
import * as z from 'zod';
import { categories } from './samples';

export const byteCount = z.int().min(0);
const ofCategories = Object.fromEntries(categories.map(category => [category, byteCount])) as Record<(typeof categories)[number], typeof byteCount>;

/** Bytes of every category. Recordings from before there was a category of buffers had none. */
export const bytesOfCategories = z.strictObject({ ...ofCategories, buffers: byteCount.default(0) });
