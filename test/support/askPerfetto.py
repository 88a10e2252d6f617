"""What Perfetto's own schema finds in a trace: reads its path, writes JSON."""
import json
import sys

from google.protobuf.unknown_fields import UnknownFieldSet
from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import Trace

trace = Trace()
with open(sys.argv[1], 'rb') as file:
    trace.ParseFromString(file.read())
tracks = {packet.track_descriptor.uuid: packet.track_descriptor for packet in trace.packet if packet.HasField('track_descriptor')}
found = {'unknown': 0, 'counters': 0, 'instants': 0, 'slices': 0, 'open': 0, 'backwards': 0}
latest = {}
for packet in trace.packet:
    parts = [packet, packet.track_descriptor, packet.track_event, *packet.track_event.debug_annotations]
    found['unknown'] += sum(len(UnknownFieldSet(part)) for part in parts)
    if not packet.HasField('track_event'):
        continue
    event = packet.track_event
    track = tracks[event.track_uuid]
    found['backwards'] += packet.timestamp < latest.get(event.track_uuid, 0)
    latest[event.track_uuid] = packet.timestamp
    kind = event.Type.Name(event.type)
    assert (kind == 'TYPE_COUNTER') == track.HasField('counter')
    found['counters'] += kind == 'TYPE_COUNTER'
    found['instants'] += kind == 'TYPE_INSTANT'
    found['slices'] += kind == 'TYPE_SLICE_BEGIN'
    found['open'] += (kind == 'TYPE_SLICE_BEGIN') - (kind == 'TYPE_SLICE_END')
json.dump(found, sys.stdout)
