"""Scores of sacrebleu, the oracle of BLEU: reads a JSON list of {hypotheses, references, tokenization, smoothing}, writes its answers."""
import json
import sys

import sacrebleu
from sacrebleu.metrics import BLEU

SMOOTHING = {'exp': ('exp', None), 'floor': ('floor', 0.1), 'add-one': ('add-k', 1), 'none': ('none', None)}


def answer(case):
    method, value = SMOOTHING[case['smoothing']]
    score = BLEU(tokenize=case['tokenization'], smooth_method=method, smooth_value=value, force=True).corpus_score(case['hypotheses'], case['references'])
    return {'score': score.score, 'precisions': score.precisions, 'brevityPenalty': score.bp, 'words': score.sys_len, 'referenceWords': score.ref_len}


json.dump({'version': sacrebleu.__version__, 'answers': [answer(case) for case in json.load(sys.stdin)]}, sys.stdout)
