"""What the package transformers makes of lines and pairs of them: reads {vocabulary, lines: [[a] or [a, b]], maxTokens}, writes token and segment numbers."""
import json
import sys

import transformers
from transformers import BertTokenizer

asked = json.load(sys.stdin)
with open(asked['vocabulary'], encoding='utf8') as file:
    vocabulary = {piece.rstrip('\n'): number for number, piece in enumerate(file)}
tokenizer = BertTokenizer(vocab=vocabulary, do_lower_case=True)
assert tokenizer.convert_tokens_to_ids('[SEP]') == vocabulary['[SEP]']


def answer(sentences):
    encoded = tokenizer(*sentences, truncation='longest_first', max_length=asked['maxTokens'], return_token_type_ids=True)
    return {'tokens': encoded['input_ids'], 'segments': encoded['token_type_ids']}


json.dump({'version': transformers.__version__, 'answers': [answer(sentences) for sentences in asked['lines']]}, sys.stdout)
