#!/bin/sh
# Makes the test film of the mock backend: 24 s of a moving picture with a counter and a rising tone, H.264 and AAC,
# cut into twelve MPEG-TS segments of exactly 2 s, each starting with a keyframe; in two sizes.
# The segments are committed, so this runs only when the film itself must change. Needs ffmpeg with libx264.
set -eu
cd "$(dirname "$0")"

make_rendition() { # name, width, height, bits per second of the picture, bits per second of the sound
    rm -rf "$1"
    mkdir "$1"
    ffmpeg -hide_banner -loglevel error -nostdin -fflags +bitexact \
        -f lavfi -i "testsrc=size=$2x$3:rate=25:duration=24" \
        -f lavfi -i "aevalsrc=exprs=0.1*sin(2*PI*(220*t+10*t*t)):sample_rate=48000:duration=24" \
        -map 0:v -map 1:a -shortest -threads 1 \
        -c:v libx264 -profile:v main -preset veryslow -pix_fmt yuv420p -b:v "$4" -maxrate "$4" -bufsize "$4" \
        -g 50 -keyint_min 50 -sc_threshold 0 -bf 2 -flags +bitexact -flags:a +bitexact \
        -c:a aac -ac 1 -b:a "$5" \
        -f hls -hls_time 2 -hls_list_size 0 -hls_flags independent_segments -hls_segment_type mpegts \
        -hls_segment_filename "$1/%d.ts" "$1/playlist.m3u8"
    # The mock writes its playlists from the length alone; a cut anywhere else would make them wrong.
    if [ "$(grep -c '^#EXTINF:2\.000000,$' "$1/playlist.m3u8")" != 12 ] || [ "$(grep -c '^#EXTINF' "$1/playlist.m3u8")" != 12 ]; then
        echo "make.sh: rendition $1 was not cut into twelve segments of 2 s" >&2
        exit 1
    fi
    rm "$1/playlist.m3u8"
}

make_rendition 180p 320 180 60k 24k
make_rendition 90p 160 90 24k 24k

bytes=$(cat 180p/*.ts 90p/*.ts | wc -c)
echo "mock-backend/media: $bytes bytes"
[ "$bytes" -lt 1000000 ] || { echo "make.sh: over 1 MB" >&2; exit 1; }
