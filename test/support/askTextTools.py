"""Oracles of how text is cut: subword-nmt and sacremoses. Reads one JSON request, writes its answer."""
import importlib.metadata
import io
import json
import sys


def byte_pairs(request):
    from subword_nmt.apply_bpe import BPE
    from subword_nmt.learn_bpe import learn_bpe
    codes = io.StringIO()
    learn_bpe(io.StringIO(''.join(line + '\n' for line in request['lines'])), codes, request['merges'])
    codes.seek(0)
    applied = BPE(codes)
    return {'version': importlib.metadata.version('subword-nmt'), 'codes': codes.getvalue(), 'cut': [applied.process_line(line) for line in request['lines']]}


def moses(request):
    from sacremoses import MosesDetokenizer, MosesTokenizer
    tokenizer, detokenizer = MosesTokenizer(request['language']), MosesDetokenizer(request['language'])
    words = [' '.join(tokenizer.tokenize(line)) for line in request['lines']]
    return {'version': importlib.metadata.version('sacremoses'), 'words': words, 'lines': [detokenizer.detokenize(line.split()) for line in words]}


request = json.load(sys.stdin)
json.dump(byte_pairs(request) if request['tool'] == 'subword_nmt' else moses(request), sys.stdout)
