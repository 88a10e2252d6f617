/**
 * Imported before any schema is made: compiled checks would be scripts made from text, which the policy of a webview refuses and reports.
 */
import * as z from 'zod';

z.config({ jitless: true });
