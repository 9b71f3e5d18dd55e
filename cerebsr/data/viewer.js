// Browse volumes in three linked planes. `root` is an empty element; `meta` is packed by `static_viewer` of cerebsr.viewers:
//   names      titles of the volumes
//   volumes    their voxels: uint8, last axis fastest, gzip, base64
//   mask       the outlined region likewise (0 or 1), or null
//   shape      of all of them; the axes run to the right, to the front and up
//   spacing    voxel edges in mm
//   to_world   three rows of the matrix from voxel to world coordinates (mm)
//   center     the voxel to start from
//   box        [first, end] along each axis: what is enlarged around the region, or null
async function cerebsrViewer(root, meta) {
  const PLANES = {sagittal: [0, 1, 2], coronal: [1, 0, 2], axial: [2, 0, 1]}; // normal, horizontal, vertical axis
  const SIDES = {sagittal: "PA", coronal: "LR", axial: "LR"};
  const OUTLINE = [255, 200, 61], CROSS = [255, 224, 102];

  const at = [...meta.center];
  const on = {region: meta.mask !== null, zoom: false};
  const whole = meta.shape.map(n => [0, n]);
  const volumes = await Promise.all(meta.volumes.map(unpack));
  const mask = meta.mask === null ? null : await unpack(meta.mask);

  const bar = add(root, "div");
  if (mask) for (const name of ["region", "zoom"]) addButton(name);
  const where = add(bar, "span", "white-space:pre");
  const panels = meta.names.flatMap((name, i) => addRow(name, volumes[i]));
  draw();

  async function unpack(text) {
    const packed = new Blob([Uint8Array.from(atob(text), c => c.charCodeAt(0))]);
    const stream = packed.stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  // --- what is on the page

  function add(parent, tag, css = "", text = "") {
    const element = parent.appendChild(document.createElement(tag));
    element.style.cssText = css;
    element.textContent = text;
    return element;
  }

  function addButton(name) {
    add(bar, "button", "margin-right:6px", name).onclick = () => {
      on[name] = !on[name];
      const outside = meta.box.some(([first, end], a) => at[a] < first || at[a] >= end);
      if (on.zoom && outside) meta.box.forEach(([first, end], a) => at[a] = (first + end) >> 1);
      draw();
    };
  }

  function addRow(name, volume) {
    const row = add(root, "div", "display:flex;gap:6px;align-items:center;margin-top:6px");
    return Object.keys(PLANES).map(plane => {
      const frame = add(row, "div", "flex:1;position:relative");
      const canvas = add(frame, "canvas",
        "width:100%;image-rendering:pixelated;display:block;cursor:crosshair;touch-action:none");
      add(frame, "div", "position:absolute;left:4px;top:2px;pointer-events:none;text-shadow:0 0 3px #000",
        plane === "sagittal" ? name : "");
      const sides = add(frame, "div", "display:flex;justify-content:space-between;pointer-events:none");
      for (const letter of SIDES[plane]) add(sides, "b", "", letter);
      canvas.onpointerdown = canvas.onpointermove = event => go(event, plane, canvas);
      return {volume, plane, canvas};
    });
  }

  // --- where we are

  function shown() { return on.zoom ? meta.box : whole; }

  function go(event, plane, canvas) { // to the voxel under the pointer, while its button is down
    if (!(event.buttons & 1)) return;
    const [, horizontal, vertical] = PLANES[plane], area = canvas.getBoundingClientRect();
    at[horizontal] = voxel((event.clientX - area.left)/area.width, horizontal);
    at[vertical] = voxel(1 - (event.clientY - area.top)/area.height, vertical);
    draw();
  }

  function voxel(share, axis) { // that lies at this share of what is shown
    const [first, end] = shown()[axis];
    return Math.min(end - 1, Math.max(first, first + Math.floor(share*(end - first))));
  }

  function world() { // coordinates of `at` in mm; adding 0 turns -0 into 0
    const mm = meta.to_world.map(([x, y, z, start]) => x*at[0] + y*at[1] + z*at[2] + start);
    return mm.map((v, a) => `${"xyz"[a]} = ${(Math.round(10*v)/10 + 0).toFixed(1)} mm`).join("   ");
  }

  // --- drawing

  function value(voxels, [x, y, z]) { return voxels[(x*meta.shape[1] + y)*meta.shape[2] + z]; }

  function isEdge(q, axes) { // of the region, seen in the plane of these two axes
    if (!value(mask, q)) return false;
    return axes.some(axis => [-1, 1].some(step => {
      const next = [...q];
      next[axis] += step;
      return next[axis] < 0 || next[axis] >= meta.shape[axis] || !value(mask, next);
    }));
  }

  function color(volume, q, horizontal, vertical) {
    const gray = value(volume, q);
    let rgb = on.region && isEdge(q, [horizontal, vertical]) ? OUTLINE : [gray, gray, gray];
    const onCross = q[horizontal] === at[horizontal] || q[vertical] === at[vertical];
    if (onCross && !on.zoom) rgb = rgb.map((c, i) => .65*c + .35*CROSS[i]);
    return rgb;
  }

  function drawPanel({volume, plane, canvas}) {
    const [normal, horizontal, vertical] = PLANES[plane];
    const [left, right] = shown()[horizontal], [bottom, top] = shown()[vertical];
    canvas.width = right - left;
    canvas.height = top - bottom;
    canvas.style.aspectRatio = `${canvas.width*meta.spacing[horizontal]}/${canvas.height*meta.spacing[vertical]}`;
    const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
    const q = [0, 0, 0];
    q[normal] = at[normal];
    let i = 0;
    for (q[vertical] = top - 1; q[vertical] >= bottom; q[vertical]--)        // rows of a canvas run down
      for (q[horizontal] = left; q[horizontal] < right; q[horizontal]++, i += 4)
        image.data.set([...color(volume, q, horizontal, vertical), 255], i);
    context.putImageData(image, 0, 0);
  }

  function draw() {
    where.textContent = world();
    panels.forEach(drawPanel);
  }
}
